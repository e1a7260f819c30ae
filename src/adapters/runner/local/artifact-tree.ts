/** The tree that becomes the artifact: what was built, without what only development needs. */
import { constants } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { PipelineStep } from "../../../domain/pipeline/pipeline-model.ts";
import { toolchainOf } from "../../../domain/stack/stacks.ts";
import type { StepReport } from "../../../ports/pipeline-runner.ts";
import { developmentOnly } from "./dependencies.ts";
import { type RunPlace, runModuleStep, sourceIn, succeeded } from "./prepare-source.ts";
import { removeFolder } from "./private-folders.ts";

export type ReleaseTree =
  | { status: "ready"; source: string; leftOut(path: string): boolean; remove(): Promise<void> }
  | { status: "failed"; step: StepReport };

const pruneSeconds = 10 * 60;

/**
 * Where a command of the stack prunes, it does so in a copy: the tests need the rest. For npm its own record of
 * what it installed says the same without a copy, and so does a stack that would only remove what it leaves out.
 */
export async function releaseTree(place: RunPlace): Promise<ReleaseTree> {
  const { model, module } = place.request;
  const source = sourceIn(place.folder);
  const stackLeavesOut = module === undefined ? () => false : toolchainOf(module).leavesOut;
  const leftOutIsEnough = module !== undefined && model.prune?.[0] === "rm";
  if (model.packageManager === "npm" || model.prune === undefined || leftOutIsEnough) {
    const development = await developmentOnly(source);
    const leftOut = (path: string) => development(path) || stackLeavesOut(path);
    return { status: "ready", source, leftOut, remove: async () => {} };
  }
  const folder = join(place.folder, "release");
  await cp(source, sourceIn(folder), {
    recursive: true,
    verbatimSymlinks: true,
    preserveTimestamps: true,
    mode: constants.COPYFILE_FICLONE,
  });
  const step: PipelineStep = { name: "prune", run: model.prune, timeoutSeconds: pruneSeconds };
  const { report } = await runModuleStep(step, { ...place, folder });
  if (!succeeded(report)) return { status: "failed", step: report };
  return {
    status: "ready",
    source: sourceIn(folder),
    leftOut: stackLeavesOut,
    remove: () => removeFolder(folder),
  };
}
