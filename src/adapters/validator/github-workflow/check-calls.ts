/**
 * Workflows that call workflows of the same repository: they are there, and get the inputs that they declare. GitHub's parser can look
 * into them too, but reads each again for every call.
 */
import type { RenderedFile } from "../../../domain/pipeline/pipeline-model.ts";
import type { FileFinding } from "../../../ports/file-validator.ts";
import { lineAt, parsedYaml } from "../parsed-yaml.ts";

interface Input {
  required?: boolean;
  default?: unknown;
}

interface Workflow {
  jobs?: Record<string, { uses?: unknown; with?: unknown } | null>;
  on?: { workflow_call?: { inputs?: Record<string, Input | null> } | null };
}

export function checkCalls(file: RenderedFile, files: readonly RenderedFile[]): FileFinding[] {
  // Most call none, and need not be read once more.
  if (!file.content.includes("uses: ./")) return [];
  const { jobs } = workflowOf(file);
  return Object.entries(jobs ?? {}).flatMap(([name, job]) => {
    const { uses, with: written } = job ?? {};
    const given = typeof written === "object" && written !== null ? written : {};
    if (typeof uses !== "string" || !uses.startsWith("./")) return [];
    const called = files.find(({ path }) => path === uses.slice(2));
    const at = (key: string[], message: string, suggestion: string): FileFinding => ({
      path: file.path,
      line: lineAt(parsedYaml(file), ["jobs", name, ...key]),
      rule: "github-workflow",
      severity: "error",
      message,
      suggestion,
    });
    if (called === undefined)
      return [
        at(
          ["uses"],
          `there is no workflow ${uses}`,
          "Name a workflow by its path from the repository's root.",
        ),
      ];
    const inputs = inputsOf(called);
    const unknown = Object.keys(given).filter((input) => !(input in inputs));
    const missing = Object.keys(inputs).filter((input) => isRequired(inputs[input]) && !(input in given));
    return [
      ...unknown.map((input) =>
        at(
          ["with", input],
          `${uses} has no input ${input}`,
          `Use one of: ${Object.keys(inputs).join(", ")}.`,
        ),
      ),
      ...missing.map((input) => at(["uses"], `${uses} needs the input ${input}`, `Add ${input} under with.`)),
    ];
  });
}

function inputsOf(file: RenderedFile): Record<string, Input | null> {
  return workflowOf(file).on?.workflow_call?.inputs ?? {};
}

function isRequired(input: Input | null | undefined): boolean {
  return input?.required === true && input.default === undefined;
}

function workflowOf(file: RenderedFile): Workflow {
  const { value } = parsedYaml(file);
  return typeof value === "object" && value !== null ? (value as Workflow) : {};
}
