/** The plan's files as PipelineSnapshot.yaml lists them. */
import { sha256 } from "../../domain/canonical-json.ts";
import type { SnapshotFile } from "../../domain/pipeline/pipeline-snapshot.ts";
import type { GenerationPlan, PlannedFile } from "../../ports/pipeline-generator.ts";
import { treeName } from "../vouched-for.ts";

export function snapshotFiles({ files }: GenerationPlan, dialects: readonly string[]): SnapshotFile[] {
  return files
    .filter(({ status }) => status !== "removed")
    .map((file) => ({
      path: file.path,
      ...(dialects.includes(file.set) ? { dialect: file.set } : {}),
      origin: originOf(file),
      digest: sha256(file.content),
    }));
}

/** What is vouched for of them, with the tree that they were written into: its id is no SHA-256 everywhere, so it is a name. */
export function pipelineDigests(files: readonly SnapshotFile[], tree: string): Record<string, string> {
  return {
    [treeName(tree)]: sha256(tree),
    ...Object.fromEntries(files.map(({ path, digest }) => [path, digest])),
  };
}

function originOf({ status, edited }: PlannedFile): SnapshotFile["origin"] {
  if (status === "own") return "module";
  return edited ? "edited" : "generated";
}
