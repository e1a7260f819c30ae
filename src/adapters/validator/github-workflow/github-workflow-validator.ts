/**
 * Workflows as GitHub reads them: its schema, its contexts and functions, its rules for jobs, and the inputs of the workflows
 * that one calls, as far as they were generated with it.
 */
import type { RenderedFile } from "../../../domain/pipeline/pipeline-model.ts";
import type { FileFinding, FileValidator } from "../../../ports/file-validator.ts";
import { parsedYaml } from "../parsed-yaml.ts";
import { isWorkflow } from "../workflow-path.ts";
import { checkCalls } from "./check-calls.ts";
import { loadWorkflowParser, type WorkflowParser } from "./load-workflow-parser.ts";
import { plainReader } from "./plain-reader.ts";

export const githubWorkflowValidator: FileValidator = {
  name: "github-workflow",
  validates: isWorkflow,
  async check(file, files) {
    const parser = await loadWorkflowParser();
    const errors = (await isCleanAsPlain(parser, file)) ? [] : await errorsOf(parser, file);
    const found = errors.map(({ rawMessage, range }) => finding(file, rawMessage, range?.start.line));
    return [...found, ...checkCalls(file, files)];
  },
};

/** Judged by the value alone, which is read for all validators; the places of what is wrong are another matter. */
async function isCleanAsPlain(parser: WorkflowParser, file: RenderedFile): Promise<boolean> {
  const { value, isPlain } = parsedYaml(file);
  if (!isPlain) return false;
  const context = parser.emptyContext();
  const fileId = context.getFileId(file.path);
  const reader = plainReader(parser.tokens, fileId, value);
  const template = parser.readTemplate(context, parser.root, reader, fileId);
  return (await convertedErrors(parser, context, template)).length === 0;
}

async function errorsOf(parser: WorkflowParser, { path, content }: RenderedFile) {
  const { context, value } = parser.parseWorkflow({ name: path, content }, parser.trace);
  return convertedErrors(parser, context, value);
}

type Context = ReturnType<WorkflowParser["emptyContext"]>;

async function convertedErrors(
  { convertWorkflowTemplate }: WorkflowParser,
  context: Context,
  template: ReturnType<WorkflowParser["readTemplate"]>,
) {
  if (template !== undefined && context.errors.getErrors().length === 0)
    await convertWorkflowTemplate(context, template, undefined, { errorPolicy: tryConversion });
  return context.errors.getErrors();
}

/** The parser's own name for it comes with the parser, which loads late. */
const tryConversion = 1;

function finding({ path }: RenderedFile, message: string, line: number | undefined): FileFinding {
  return {
    path,
    ...(line === undefined ? {} : { line }),
    rule: "github-workflow",
    severity: "error",
    message,
    suggestion: suggestionFor(message),
  };
}

function suggestionFor(message: string): string {
  if (/^Unexpected value/.test(message)) return "Remove it, or correct its spelling and its indentation.";
  if (/named-value|Unrecognized function/.test(message))
    return "Use a context and functions that GitHub knows at this place, such as github, vars or inputs.";
  if (/unknown job|no dependencies|cycle/i.test(message))
    return "Name jobs of this workflow under needs, without a circle.";
  if (/Required property|is required/i.test(message)) return "Add what is missing.";
  if (/workflow|input/i.test(message))
    return "Compare with the inputs under on.workflow_call of the workflow that is called.";
  return "Compare this place with GitHub's workflow syntax.";
}
