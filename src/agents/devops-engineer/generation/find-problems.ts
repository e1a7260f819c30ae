/** Every validator's findings, per set of files. */
import type { FileSet, RenderedFile } from "../../../domain/pipeline/pipeline-model.ts";
import type { FileFinding, FileValidator } from "../../../ports/file-validator.ts";

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

export interface JudgedSets {
  valid: FileSet[];
  leftOut: { set: string; findings: FileFinding[] }[];
}

/** A set with an error in one of its files is left out whole: half a pipeline is none. */
export async function judgeSets(
  validators: readonly FileValidator[],
  sets: readonly FileSet[],
): Promise<JudgedSets> {
  const judged: JudgedSets = { valid: [], leftOut: [] };
  for (const set of sets) {
    const findings = await findProblems(validators, set.files);
    if (findings.some(({ severity }) => severity === "error"))
      judged.leftOut.push({ set: set.name, findings });
    else judged.valid.push(set);
  }
  return judged;
}
