/**
 * Whether a file is YAML at all, by the strict reading: no duplicate keys, no tabs, nothing that is merely tolerated. GitHub's own parser
 * does so for workflows.
 */
import type { FileValidator } from "../../../ports/file-validator.ts";
import { documentOf, lineOf, parsedYaml } from "../parsed-yaml.ts";
import { isWorkflow } from "../workflow-path.ts";

export const yamlValidator: FileValidator = {
  name: "yaml",
  validates: (path) => /\.ya?ml$/.test(path) && !isChartTemplate(path) && !isWorkflow(path),
  async check(file) {
    const parsed = parsedYaml(file);
    if (parsed.isPlain) return [];
    const document = documentOf(parsed);
    return [...document.errors, ...document.warnings].map((problem) => ({
      path: file.path,
      line: lineOf(file.content, problem.pos[0]),
      rule: `yaml/${problem.code.toLowerCase().replaceAll("_", "-")}`,
      severity: problem.name === "YAMLWarning" ? ("warning" as const) : ("error" as const),
      message: problem.message.split("\n", 1)[0] ?? problem.message,
      suggestion:
        suggestions[problem.code] ??
        "Compare the indentation and the quotes of this line with its neighbours.",
    }));
  },
};

/** A chart's templates are text for Helm, and YAML only after it. */
function isChartTemplate(path: string): boolean {
  return /(^|\/)templates\//.test(path);
}

const suggestions: Partial<Record<string, string>> = {
  DUPLICATE_KEY: "Remove one of the two keys: a later one would silently win.",
  TAB_AS_INDENT: "Indent with spaces.",
  BAD_INDENT: "Indent this line as the other entries of its list or mapping are.",
  MULTILINE_IMPLICIT_KEY: "Quote the value: it holds a colon that is read as a key.",
  MISSING_CHAR: "Close the quote or bracket that is open.",
  BAD_ALIAS: "Quote the value: a leading * or & stands for an alias.",
};
