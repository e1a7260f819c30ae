/** What is found in each set of generated files, and which of them can be published. */
import type { FileSet } from "../../../domain/pipeline/pipeline-model.ts";
import type { CheckFiles, FileFinding } from "../../../ports/file-validator.ts";

export interface JudgedSets {
  valid: FileSet[];
  /** What is worth knowing of the valid ones. */
  warnings: FileFinding[];
  leftOut: { set: string; findings: FileFinding[] }[];
}

/** A set with an error in one of its files is left out whole: half a pipeline is none. */
export async function judgeSets(checkFiles: CheckFiles, sets: readonly FileSet[]): Promise<JudgedSets> {
  const judged: JudgedSets = { valid: [], warnings: [], leftOut: [] };
  const found = await Promise.all(sets.map(async (set) => ({ set, findings: await checkFiles(set.files) })));
  for (const { set, findings } of found)
    if (findings.some(({ severity }) => severity === "error"))
      judged.leftOut.push({ set: set.name, findings });
    else {
      judged.valid.push(set);
      judged.warnings.push(...findings);
    }
  return judged;
}
