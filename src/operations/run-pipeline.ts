/** Builds and tests a folder by its own pipeline model, with nothing handed over: no branch moves, no delivery begins. */
import { basename } from "node:path";
import { z } from "zod";
import { inferModule } from "../domain/module/infer-module.ts";
import { modelFor, stepsOf } from "../domain/pipeline/model-for.ts";
import { refuse } from "../domain/refusal.ts";
import { slug } from "../domain/scope.ts";
import { isDescribing } from "../domain/stack/stacks.ts";
import type { StageReport } from "../ports/pipeline-runner.ts";
import { permitSource } from "./repository-rights.ts";
import type { Caller, System } from "./system.ts";

export const runPipelineInput = z.object({
  /** A folder on the server's host. */
  path: z.string().min(1).max(4_096),
  stage: z.enum(["build", "test"]).default("test"),
  moduleId: slug.optional(),
});

export interface PipelineRun {
  moduleId: string;
  version: string;
  /** Without inventories: they are for the SBOM of a delivery. */
  report: Omit<StageReport, "inventory">;
}

export interface Watching {
  signal: AbortSignal;
  progress(line: string): void;
}

/** Refuses with ModuleInvalid what is no module, or a module without that stage. */
export async function runPipeline(
  system: System,
  caller: Caller,
  request: z.output<typeof runPipelineInput> & { watching: Watching },
): Promise<PipelineRun> {
  const { path, stage, watching } = request;
  const { sourceControl, runner } = system;
  await permitSource(system, caller, { kind: "folder", path });
  const seen = await sourceControl.peekFolder(path, isDescribing);
  const overrides = request.moduleId === undefined ? {} : { overrides: { id: request.moduleId } };
  const module = inferModule({ ...seen, folderName: basename(path), ...overrides });
  const { tenantId } = caller;
  // A repository beside those of modules: whoever clones or forks one of them never meets what was only tried.
  const repository = `${tenantId}/local-runs`;
  const imported = await sourceControl.importFolder({ repository, folder: path });
  const model = modelFor({ tenantId, module, folder: "", targetBranch: "main", environments: [] });
  if (stage === "test" && stepsOf(model, "test").length === 0)
    throw refuse(
      "ModuleInvalid",
      `${module.id} names no tests.`,
      "Add a test script, or `test:` to module.yaml; or build it alone: connectsoft run test --stage build.",
    );
  const { commit, tree } = await sourceControl.commit({
    repository,
    branch: `run/${module.id}`,
    base: "main",
    content: { tree: imported.tree },
    subject: `chore: try ${module.id}`,
    trailers: {},
    author: { name: caller.person, email: `${caller.tenantId}@local.invalid` },
    // Content names the commit: the same folder again is built from what was built before.
    at: "2000-01-01T00:00:00.000Z",
    invocationId: `run-${imported.tree}`,
  });
  const { inventory: _, ...report } = await runner.run({
    repository,
    commit,
    tree,
    model,
    module,
    stage,
    invocationId: `run-${imported.tree}`,
    ...watching,
  });
  return { moduleId: module.id, version: module.version, report };
}
