/**
 * Looks at a generated file as the platform that reads it would: by its schema, by its own parser, by the field's
 * linter. Runs inside this process and without network. Deterministic.
 */
import type { RenderedFile } from "../domain/pipeline/pipeline-model.ts";

export interface FileFinding {
  /** Path of the file. */
  path: string;
  /** 1-based, where it is known. */
  line?: number;
  /** `actionlint/expression`, `gitlab-schema`. */
  rule: string;
  severity: "error" | "warning";
  message: string;
  /** What would make it valid, for a person or for the next attempt. */
  suggestion: string;
}

export interface FileValidator {
  readonly name: string;
  validates(path: string): boolean;
  /** Findings of one file; `files` are all files that were generated with it, for what refers to another. */
  check(file: RenderedFile, files: readonly RenderedFile[]): Promise<FileFinding[]>;
}

/** Every finding in files that were generated together. */
export type CheckFiles = (files: readonly RenderedFile[]) => Promise<FileFinding[]>;

/** What each of them finds, in this thread. */
export async function findProblems(
  validators: readonly FileValidator[],
  files: readonly RenderedFile[],
): Promise<FileFinding[]> {
  const found = await Promise.all(
    files.flatMap((file) =>
      validators
        .filter((validator) => validator.validates(file.path))
        .map((validator) => validator.check(file, files)),
    ),
  );
  return found.flat();
}
