/**
 * A chart as Helm would take it, without Helm: its description, values against the chart's own schema with overlays
 * laid over the defaults, and templates whose actions are closed and speak of values and templates that are there.
 */
import { posix } from "node:path";
import type { RenderedFile } from "../../../domain/pipeline/pipeline-model.ts";
import type { FileValidator } from "../../../ports/file-validator.ts";
import { schemaFindings } from "../closed-schema.ts";
import { parsedYaml } from "../parsed-yaml.ts";
import { chartCheck, checkOfSchema, type ValuesSchema } from "./schemas.ts";
import { templateFindings } from "./template-findings.ts";

export const helmValidator: FileValidator = {
  name: "helm",
  validates: (path) =>
    /(^|\/)helm\/(Chart\.yaml|values[\w.-]*\.yaml|values\.schema\.json|templates\/.+)$/.test(path),
  async check(file, files) {
    const name = posix.basename(file.path);
    const sibling = (other: string) =>
      files.find(({ path }) => path === posix.join(chartOf(file.path), other));
    if (name === "Chart.yaml") return descriptionFindings(file);
    const schema = schemaIn(sibling("values.schema.json"));
    if (name === "values.schema.json") return schema === undefined ? [noSchema(file)] : [];
    if (file.path.includes("/templates/")) {
      const helpers = files.filter(
        ({ path }) => path.startsWith(chartOf(file.path)) && path.endsWith(".tpl"),
      );
      return templateFindings(file, helpers, schema);
    }
    return schema === undefined ? [] : valuesFindings(file, sibling("values.yaml"), schema);
  },
};

function descriptionFindings(file: RenderedFile) {
  const parsed = parsedYaml(file);
  if (parsed.value === undefined) return [];
  return schemaFindings(chartCheck, {
    file,
    parsed,
    value: parsed.value,
    rule: "helm-chart",
    reference: "Helm's reference of Chart.yaml",
  });
}

function valuesFindings(file: RenderedFile, defaults: RenderedFile | undefined, schema: ValuesSchema) {
  const parsed = parsedYaml(file);
  if (parsed.value === undefined) return [];
  const below = defaults === undefined ? {} : parsedYaml(defaults).value;
  return schemaFindings(checkOfSchema(schema), {
    file,
    parsed,
    value: laidOver(below, parsed.value ?? {}),
    rule: "helm-values",
    reference: "values.schema.json",
  });
}

/** As Helm does it: mappings are merged, everything else replaces. */
function laidOver(below: unknown, above: unknown): unknown {
  if (!isMapping(below) || !isMapping(above)) return above;
  const merged: Record<string, unknown> = { ...below };
  for (const [key, value] of Object.entries(above)) merged[key] = laidOver(below[key], value);
  return merged;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function chartOf(path: string): string {
  return path.slice(0, path.lastIndexOf("helm/") + "helm/".length);
}

const readSchemas = new WeakMap<RenderedFile, ValuesSchema | undefined>();

/** Read once for all files of its chart. */
function schemaIn(file: RenderedFile | undefined): ValuesSchema | undefined {
  if (file === undefined) return undefined;
  if (!readSchemas.has(file)) readSchemas.set(file, readSchema(file));
  return readSchemas.get(file);
}

function readSchema(file: RenderedFile): ValuesSchema | undefined {
  try {
    const schema: unknown = JSON.parse(file.content);
    return isMapping(schema) ? (schema as ValuesSchema) : undefined;
  } catch {
    return undefined;
  }
}

function noSchema({ path }: RenderedFile) {
  return {
    path,
    rule: "helm-values/schema",
    severity: "error" as const,
    message: "the schema of the values is no JSON object",
    suggestion: "Compare commas and brackets with the file as it was generated.",
  };
}
