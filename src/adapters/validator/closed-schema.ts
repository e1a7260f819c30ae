/** What a closed JSON schema finds wrong in a YAML file, line by line, in words for people. */
import type { ErrorObject, ValidateFunction } from "ajv";
import type { RenderedFile } from "../../domain/pipeline/pipeline-model.ts";
import type { FileFinding } from "../../ports/file-validator.ts";
import { lineAt, type ParsedYaml } from "./parsed-yaml.ts";

export interface CheckedValue {
  file: RenderedFile;
  parsed: ParsedYaml;
  value: unknown;
  rule: string;
  /** Where the names that may stand there are listed. */
  reference: string;
}

export function schemaFindings(check: ValidateFunction, checked: CheckedValue): FileFinding[] {
  if (check(checked.value)) return [];
  return (check.errors ?? []).filter(isCause).map((error) => finding(error, checked));
}

function finding(error: ErrorObject, { file, parsed, rule, reference }: CheckedValue): FileFinding {
  const steps = error.instancePath.split("/").slice(1).map(unescaped);
  const unknown =
    error.keyword === "additionalProperties" ? String(error.params.additionalProperty) : undefined;
  const at = [...steps, ...(unknown === undefined ? [] : [unknown])];
  const place = steps.length === 0 ? "the file" : steps.join(".");
  return {
    path: file.path,
    line: lineAt(parsed, at),
    rule: `${rule}/${error.keyword === "additionalProperties" ? "unknown-field" : error.keyword}`,
    severity: "error",
    message: unknown === undefined ? `${place} ${explained(error)}` : `${place} has no field ${unknown}`,
    suggestion:
      unknown === undefined
        ? `Correct ${at.join(".") || "it"} by ${reference}.`
        : `Remove ${unknown}, or correct its spelling or indentation by ${reference}.`,
  };
}

function explained({ keyword, params, message = "is not valid" }: ErrorObject): string {
  if (keyword === "enum") return `must be one of ${(params.allowedValues as unknown[]).join(", ")}`;
  if (keyword === "const") return `must be ${String(params.allowedValue)}`;
  return message;
}

/** A branch that failed is told by what failed in it. */
function isCause({ keyword }: ErrorObject): boolean {
  return keyword !== "if" && keyword !== "anyOf" && keyword !== "oneOf";
}

function unescaped(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}
