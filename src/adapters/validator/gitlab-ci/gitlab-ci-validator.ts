/** GitLab pipelines by GitLab's own schema, and by what a schema cannot say: which jobs and stages there are. */
import type { ErrorObject, ValidateFunction } from "ajv";
import type { RenderedFile } from "../../../domain/pipeline/pipeline-model.ts";
import type { FileFinding, FileValidator } from "../../../ports/file-validator.ts";
import { lineAt, parsedYaml } from "../parsed-yaml.ts";
import { publishedSchemas } from "../published-schemas.ts";
import { checkJobs } from "./check-jobs.ts";
import { loadGitlabSchema } from "./load-gitlab-schema.ts";

let compiled: ValidateFunction | undefined;

export const gitlabCiValidator: FileValidator = {
  name: "gitlab-ci",
  validates: (path) => /(^|\/)\.?gitlab-ci\.ya?ml$/.test(path),
  async check(file, files) {
    const { value } = parsedYaml(file);
    if (typeof value !== "object" || value === null) return [];
    return [...checkSchema(file, value), ...checkJobs(file, files)];
  },
};

function checkSchema(file: RenderedFile, value: object): FileFinding[] {
  compiled ??= publishedSchemas({ validateFormats: false, logger: false }).compile(loadGitlabSchema());
  if (compiled(value)) return [];
  const error = deepest(compiled.errors ?? []);
  if (error === undefined) return [];
  const path = error.instancePath.split("/").slice(1).map(unescaped);
  const extra = error.keyword === "additionalProperties" ? [String(error.params.additionalProperty)] : [];
  const where = [...path, ...extra].join(".");
  return [
    {
      path: file.path,
      line: lineAt(parsedYaml(file), [...path, ...extra]),
      rule: "gitlab-schema",
      severity: "error",
      message: `${where === "" ? "the file" : where}: ${error.message ?? "is not as GitLab's schema asks for"}`,
      suggestion: suggestionFor(error),
    },
  ];
}

/** Where a value may have several forms, the form that got furthest is the one that was meant. */
function deepest(errors: ErrorObject[]): ErrorObject | undefined {
  const depth = ({ instancePath }: ErrorObject) => instancePath.split("/").length;
  const isChoice = ({ keyword }: ErrorObject) => keyword === "oneOf" || keyword === "anyOf";
  return errors.toSorted((a, b) => depth(b) - depth(a) || Number(isChoice(a)) - Number(isChoice(b)))[0];
}

function suggestionFor({ keyword, params }: ErrorObject): string {
  switch (keyword) {
    case "additionalProperties":
      return "Remove it, or correct its spelling and its indentation.";
    case "enum":
      return `Use one of: ${(params.allowedValues as unknown[]).join(", ")}.`;
    case "type":
      return `Write a value of type ${String(params.type)}.`;
    case "required":
      return `Add ${String(params.missingProperty)}.`;
    default:
      return "Compare this place with GitLab's CI/CD YAML reference.";
  }
}

function unescaped(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}
