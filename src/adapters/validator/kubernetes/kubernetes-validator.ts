/**
 * Manifests as the API server would read them with strict field validation: every field is known, of its type, and
 * what a kustomization names is there.
 */
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import type { ValidateFunction } from "ajv";
import type { RenderedFile } from "../../../domain/pipeline/pipeline-model.ts";
import type { FileFinding, FileValidator } from "../../../ports/file-validator.ts";
import { schemaFindings } from "../closed-schema.ts";
import { lineAt, type ParsedYaml, parsedYaml } from "../parsed-yaml.ts";
import { publishedSchemas } from "../published-schemas.ts";
import { customKinds } from "./custom-kinds.ts";

export const kubernetesValidator: FileValidator = {
  name: "kubernetes",
  validates: (path) => /(^|\/)k8s\/.+\.ya?ml$/.test(path),
  async check(file, files) {
    const parsed = parsedYaml(file);
    // What is no YAML is told by the validator of YAML.
    if (parsed.value === undefined) return [];
    const kind = kindOf(parsed.value);
    const check = kind === undefined ? undefined : checkOf(kind);
    if (check === undefined) return [unknownKind(file, kind)];
    const value = parsed.value;
    return [
      ...schemaFindings(check, {
        file,
        parsed,
        value,
        rule: "kubernetes",
        reference: `the reference of ${kind}`,
      }),
      ...missingResources(file, parsed, files),
    ];
  },
};

interface PublishedSchema {
  kinds: Record<string, object>;
}

const published = JSON.parse(
  readFileSync(new URL("kubernetes-schema.json", import.meta.url), "utf8"),
) as PublishedSchema;
const ajv = publishedSchemas({ allErrors: true });
ajv.addSchema(published, "kubernetes");
const checks = new Map<string, ValidateFunction>();

/** Compiled when it is first asked for: a Deployment takes longer than all others together. */
function checkOf(kind: string): ValidateFunction | undefined {
  const known = checks.get(kind);
  if (known !== undefined) return known;
  const schema = Object.hasOwn(published.kinds, kind)
    ? { $ref: `kubernetes#/kinds/${kind.replaceAll("/", "~1")}` }
    : Object.hasOwn(customKinds, kind)
      ? customKinds[kind]
      : undefined;
  if (schema === undefined) return undefined;
  const check = ajv.compile(schema);
  checks.set(kind, check);
  return check;
}

function kindOf(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { apiVersion, kind } = value as { apiVersion?: unknown; kind?: unknown };
  return typeof apiVersion === "string" && typeof kind === "string" ? `${apiVersion}/${kind}` : undefined;
}

function unknownKind({ path }: RenderedFile, kind: string | undefined): FileFinding {
  return {
    path,
    line: 1,
    rule: "kubernetes/unknown-kind",
    severity: "error",
    message:
      kind === undefined ? "the file names no apiVersion and kind" : `${kind} is no kind that is known here`,
    suggestion: "Begin with the apiVersion and kind of a served version, such as apps/v1 and Deployment.",
  };
}

/** A kustomization's relative resources: files of the same generation, or a folder with a kustomization of its own. */
function missingResources(
  file: RenderedFile,
  parsed: ParsedYaml,
  files: readonly RenderedFile[],
): FileFinding[] {
  if (posix.basename(file.path) !== "kustomization.yaml") return [];
  const { resources = [] } = parsed.value as { resources?: unknown };
  if (!Array.isArray(resources)) return [];
  const there = new Set(files.map(({ path }) => path));
  return resources.flatMap((resource, index) => {
    const path = posix.join(posix.dirname(file.path), String(resource));
    if (there.has(path) || there.has(`${path}/kustomization.yaml`)) return [];
    return [
      {
        path: file.path,
        line: lineAt(parsed, ["resources", index]),
        rule: "kubernetes/missing-resource",
        severity: "error" as const,
        message: `${String(resource)} is not among the files`,
        suggestion: `Add ${path}, or remove the line.`,
      },
    ];
  });
}
