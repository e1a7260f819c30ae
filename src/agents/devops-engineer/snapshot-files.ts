/** The plan's files as PipelineSnapshot.yaml lists them. */
import { sha256 } from "../../domain/canonical-json.ts";
import type { SnapshotFile } from "../../domain/pipeline/pipeline-snapshot.ts";
import type { GenerationPlan, PlannedFile } from "../../ports/pipeline-generator.ts";

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

function originOf({ status, edited }: PlannedFile): SnapshotFile["origin"] {
  if (status === "own") return "module";
  return edited ? "edited" : "generated";
}
