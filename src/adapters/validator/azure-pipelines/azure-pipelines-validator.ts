/**
 * Azure Pipelines by rules of our own: no package that runs here carries Microsoft's schema. Keys, kinds and types of stages, jobs
 * and steps, what they depend on, templates and their parameters, expressions. The schema itself is tried by the slow suite.
 */
import { posix } from "node:path";
import type { RenderedFile } from "../../../domain/pipeline/pipeline-model.ts";
import type { FileValidator } from "../../../ports/file-validator.ts";
import { parsedYaml } from "../parsed-yaml.ts";
import { shapes } from "./azure-keys.ts";
import { AzureReport } from "./azure-report.ts";
import { checkDependencies } from "./check-dependencies.ts";
import { checkExpressions } from "./check-expressions.ts";
import { checkShape } from "./check-shape.ts";
import { checkTemplate } from "./check-template.ts";
import { partsOf } from "./pipeline-parts.ts";

export const azurePipelinesValidator: FileValidator = {
  name: "azure-pipelines",
  validates: (path) => isPipeline(path) || /^(build|test|deploy)\.yaml$/.test(posix.basename(path)),
  async check(file, files) {
    const { value } = parsedYaml(file);
    const report = new AzureReport(file);
    if (isPipeline(file.path) || isTemplateOf(file, files)) checkFile(file, value, { files, report });
    return report.findings;
  },
};

function checkFile(
  file: RenderedFile,
  value: unknown,
  { files, report }: { files: readonly RenderedFile[]; report: AzureReport },
): void {
  if (typeof value !== "object" || value === null) return;
  checkShape(value, [], { shape: isPipeline(file.path) ? shapes.pipeline : shapes.template, report });
  const parts = partsOf(value);
  for (const { kind, value: part, path } of parts) {
    checkShape(part, path, { shape: shapes[kind], report });
    checkTemplate(part, path, { file, files, report });
  }
  checkDependencies(parts, report);
  checkExpressions(value, [], report);
}

function isPipeline(path: string): boolean {
  return /(^|\/)azure-pipelines\.ya?ml$/.test(path);
}

/** Only a file that lies beside a pipeline and is a part of it: others may be named build.yaml too. */
function isTemplateOf({ path }: RenderedFile, files: readonly RenderedFile[]): boolean {
  return files.some((file) => isPipeline(file.path) && posix.dirname(file.path) === posix.dirname(path));
}
