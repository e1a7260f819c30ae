/** PipelineSnapshot.yaml and CIStages.yaml: what the pipeline is, and how far it has come (2-contracts §3). */
import { parse, stringify } from "yaml";
import { z } from "zod";
import type { Subject } from "../scope.ts";
import type { PipelineModel } from "./pipeline-model.ts";

const stageStatus = z.looseObject({
  status: z.enum(["Pending", "Success", "Failed", "Skipped"]),
  steps: z.array(z.string()).optional(),
});

const snapshotSchema = z.looseObject({
  schemaVersion: z.literal(1),
  traceId: z.string(),
  tenantId: z.string(),
  module: z.string(),
  environment: z.string(),
  environments: z.array(z.string()),
  version: z.string(),
  commit: z.string(),
  tree: z.string(),
  stages: z.record(z.string(), stageStatus),
  files: z.array(
    z.object({
      path: z.string(),
      dialect: z.string().optional(),
      /** `module`: of the module's own, stays as it is; `edited`: generated, and changed by hand since. */
      origin: z.enum(["generated", "edited", "module"]),
      digest: z.string(),
    }),
  ),
  retry: z.object({ limit: z.int(), backoffSeconds: z.number() }),
  /** Null until a signer is configured. */
  signature: z.null(),
});
export type PipelineSnapshot = z.infer<typeof snapshotSchema>;
export type SnapshotFile = PipelineSnapshot["files"][number];

export function pipelineSnapshot(
  { traceId, tenantId, moduleId }: Subject,
  made: { model: PipelineModel; head: { commit: string; tree: string }; files: SnapshotFile[] },
): string {
  const { model, head, files } = made;
  const environments = model.environments.map(({ name }) => name);
  const stages = Object.fromEntries(
    model.stages.map((stage) => [
      stage.name,
      { status: "Pending", steps: stage.steps.map(({ name }) => name) },
    ]),
  );
  const snapshot = {
    schemaVersion: 1,
    traceId,
    tenantId,
    module: moduleId,
    environment: environments[0] ?? "",
    environments,
    version: model.version,
    commit: head.commit,
    tree: head.tree,
    stages: { ...stages, deploy: { status: "Pending", carriedOutBy: "deployment-orchestrator" } },
    files,
    retry: model.retry,
    signature: null,
  };
  return stringify(snapshotSchema.parse(snapshot), { lineWidth: 0 });
}

/** The snapshot with one stage's news laid over what it said before; what other agents added stays. */
export function withStage(
  text: string,
  name: string,
  news: { status: "Success" | "Failed" | "Skipped"; [key: string]: unknown },
): string {
  const snapshot = snapshotSchema.parse(parse(text));
  snapshot.stages[name] = { ...snapshot.stages[name], ...news };
  return stringify(snapshot, { lineWidth: 0 });
}

/** CIStages.yaml: the model itself, with every command and timeout. */
export function stagesDocument({ traceId }: Subject, model: PipelineModel): string {
  return stringify({ schemaVersion: 1, traceId, ...model }, { lineWidth: 0, aliasDuplicateObjects: false });
}
