/**
 * Workflows as GitHub reads them: its schema, its contexts and functions, its rules for jobs, and the inputs of the workflows
 * that one calls, as far as they were generated with it.
 */
import type { RenderedFile } from "../../../domain/pipeline/pipeline-model.ts";
import type { FileFinding, FileValidator } from "../../../ports/file-validator.ts";
import { isWorkflow } from "../workflow-path.ts";
import { checkCalls } from "./check-calls.ts";
import { loadWorkflowParser } from "./load-workflow-parser.ts";

export const githubWorkflowValidator: FileValidator = {
  name: "github-workflow",
  validates: isWorkflow,
  async check(file, files) {
    const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await loadWorkflowParser();
    const entry = { name: file.path, content: file.content };
    const { context, value } = parseWorkflow(entry, new NoOperationTraceWriter());
    if (value !== undefined && context.errors.getErrors().length === 0)
      await convertWorkflowTemplate(context, value, undefined, { errorPolicy: tryConversion });
    const found = context.errors
      .getErrors()
      .map(({ rawMessage, range }) => finding(file, rawMessage, range?.start.line));
    return [...found, ...checkCalls(file, files)];
  },
};

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
