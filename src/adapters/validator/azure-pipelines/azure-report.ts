import type { RenderedFile } from "../../../domain/pipeline/pipeline-model.ts";
import type { FileFinding } from "../../../ports/file-validator.ts";
import { lineAt, parsedYaml } from "../parsed-yaml.ts";

export type AzurePath = readonly (string | number)[];

/** Findings of one file, as they are found. */
export class AzureReport {
  readonly findings: FileFinding[] = [];
  readonly #file: RenderedFile;

  constructor(file: RenderedFile) {
    this.#file = file;
  }

  add(rule: string, path: AzurePath, said: { message: string; suggestion: string }): void {
    const line = lineAt(parsedYaml(this.#file), path);
    this.findings.push({
      path: this.#file.path,
      line,
      rule: `azure-pipelines/${rule}`,
      severity: "error",
      ...said,
    });
  }
}
