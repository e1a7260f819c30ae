/**
 * Runs the pipeline model on this host: checks out exactly one commit, resolves its dependencies once, builds,
 * keeps the artifact, and tests the same tree. A run that was killed leaves nothing that counts, and the
 * next one removes what is left of it.
 */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { stepsOf } from "../../../domain/pipeline/model-for.ts";
import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { RefusalError } from "../../../domain/refusal.ts";
import { toolchainOf } from "../../../domain/stack/stacks.ts";
import { type Clock, systemClock } from "../../../ports/clock.ts";
import type {
  PipelineRunner,
  RunRequest,
  StageReport,
  StepReport,
  ToolVersion,
} from "../../../ports/pipeline-runner.ts";
import type { SourceControl } from "../../../ports/source-control.ts";
import { releaseTree } from "./artifact-tree.ts";
import { imageTree, manifestIn } from "./build-image.ts";
import { buildKey, openBuildRecords } from "./build-records.ts";
import { type CacheLimits, openCaches, usualCacheLimits } from "./caches.ts";
import type { LocalArtifactStore } from "./create-artifact-store.ts";
import { lockFileOf } from "./dependencies.ts";
import { onFiles } from "./file-failure.ts";
import { openGoSeeds } from "./go-seeds.ts";
import { detectNetwork, type Network } from "./network.ts";
import { mayUseNetwork, prepareSource, type RunPlace, sourceIn, succeeded } from "./prepare-source.ts";
import { openPreparedTrees } from "./prepared-trees.ts";
import { endAndRemove, endProcessesOf, makePrivateFolder, sweepFolders } from "./private-folders.ts";
import { detectProcessLimit } from "./process-limit.ts";
import { toolVersions } from "./programs.ts";
import { readInventory } from "./read-inventory.ts";
import { runTests } from "./run-tests.ts";
import { searchPath } from "./step-environment.ts";

export interface LocalRunnerOptions {
  /** Folder for work in progress, built trees and build records; on the same file system throughout. */
  root: string;
  sourceControl: Pick<SourceControl, "checkout">;
  artifacts: LocalArtifactStore;
  clock?: Clock;
  cacheLimits?: CacheLimits;
  /**
   * Packages of Go's standard library that the caches of new modules begin with (`std`: all), compiled in the
   * background once a module needed them. Absent: none.
   */
  goSeed?: readonly string[] | undefined;
}

export interface LocalRunner extends PipelineRunner {
  /** Ends what it does in the background; runs are ended by their own signals. */
  stop(): Promise<void>;
}

type Found = Omit<
  StageReport,
  "stage" | "status" | "commit" | "tree" | "durationMs" | "startedAt" | "finishedAt"
>;

export function createLocalRunner(options: LocalRunnerOptions): LocalRunner {
  const { root, sourceControl, artifacts, clock = systemClock } = options;
  const work = join(root, "work");
  const prepared = openPreparedTrees(join(root, "prepared"));
  const records = openBuildRecords(join(root, "builds"));
  const seeds = openGoSeeds(join(root, "seeds"), { packages: options.goSeed ?? [], clock });
  const caches = openCaches(
    join(root, "caches"),
    options.cacheLimits ?? usualCacheLimits,
    async (model, variable, folder) => {
      if (variable === "GOCACHE") await seeds.fill(model, folder);
    },
  );
  let swept: Promise<void> | undefined;

  return { run, stop: () => seeds.stop() };

  function run(request: RunRequest): Promise<StageReport> {
    return onFiles(root, async () => {
      await mkdir(work, { recursive: true });
      await sweepOnce();
      const { model } = request;
      const commands = [...stepsOf(model, "build"), ...stepsOf(model, request.stage)].map((step) => step.run);
      const toolchain = await toolVersions(model, commands, searchPath());
      const key = buildKey(request, toolchain);
      for (const note of otherVersions(toolchain)) request.progress(note);
      const report = await (request.stage === "build" ? build : runOnBuilt)(request, key, toolchain);
      void seeds.make(model);
      return report;
    });
  }

  async function build(request: RunRequest, key: string, toolchain: ToolVersion[]): Promise<StageReport> {
    const earlier = await builtBefore(key);
    if (earlier !== undefined) {
      request.progress(`built before: ${earlier.artifact?.digest}`);
      return earlier;
    }
    const begun = clock.now().getTime();
    const folder = await makePrivateFolder(work);
    try {
      const place = await placeFor(request, folder);
      const lock = await records.lockOf(key);
      const steps = await prepareSource({ ...place, lock, sourceControl });
      const about = await aboutRun(place, toolchain);
      if (!steps.every(succeeded)) {
        await endAndRemove(folder);
        return reportOf(request, begun, { steps, ...about });
      }
      if (steps.length > 0) await endProcessesOf(folder);
      request.signal.throwIfAborted();
      const release = await (request.module?.runtime === "container" ? imageTree : releaseTree)(place);
      if (release.status === "failed") {
        await endAndRemove(folder);
        return reportOf(request, begun, { steps: [...steps, release.step], ...about });
      }
      const listed = await inventoryOf(request, release.source);
      const image = request.module?.runtime === "container" ? manifestIn(release.source) : undefined;
      const kept = await artifacts.put(release.source, release.leftOut);
      const artifact = image === undefined ? kept : { ...kept, image };
      await release.remove();
      request.progress(`artifact ${artifact.digest}, ${artifact.files} files, ${artifact.bytes} bytes`);
      const notes = [...(about.notes ?? []), ...listed.notes];
      const { inventory } = listed;
      const report = reportOf(request, begun, {
        steps,
        artifact,
        ...about,
        ...(inventory === undefined ? {} : { inventory }),
        ...(notes.length === 0 ? {} : { notes }),
      });
      const { model } = request;
      await records.keep(key, report, model.locked ? undefined : await resolvedLock(model, sourceIn(folder)));
      await prepared.keep(key, folder);
      return report;
    } catch (error) {
      await endAndRemove(folder);
      throw error;
    }
  }

  /** Any later stage: on the tree that was built, or on one that is made from the same commit and dependencies. */
  async function runOnBuilt(
    request: RunRequest,
    key: string,
    toolchain: ToolVersion[],
  ): Promise<StageReport> {
    const begun = clock.now().getTime();
    const claimed = await prepared.claim(key);
    const folder = claimed ?? (await makePrivateFolder(work));
    let preparation: StepReport[] = [];
    try {
      const place = await placeFor(request, folder);
      const about = await aboutRun(place, toolchain);
      if (claimed === undefined) {
        const lock = await records.lockOf(key);
        preparation = await prepareSource({ ...place, lock, sourceControl });
        if (!preparation.every(succeeded)) return reportOf(request, begun, { steps: preparation, ...about });
      }
      const found = await runTests(stepsOf(request.model, request.stage), place);
      await endProcessesOf(folder);
      await caches.giveBack(request.model, folder);
      const notes = [...(about.notes ?? []), ...(found.notes ?? [])];
      return reportOf(request, begun, {
        ...about,
        ...found,
        ...(preparation.length > 0 && { preparation }),
        ...(notes.length === 0 ? {} : { notes }),
      });
    } finally {
      await endAndRemove(folder);
    }
  }

  async function placeFor(request: RunRequest, folder: string): Promise<RunPlace> {
    return {
      request,
      folder,
      caches: await caches.take(request.model, folder),
      network: await detectNetwork(),
      processes: await detectProcessLimit(),
      clock,
    };
  }

  async function builtBefore(key: string): Promise<StageReport | undefined> {
    const report = await records.find(key);
    if (report?.artifact === undefined) return undefined;
    try {
      await artifacts.open(report.artifact.digest);
      return report;
    } catch (error) {
      if (error instanceof RefusalError) return undefined;
      throw error;
    }
  }

  function reportOf(request: RunRequest, begun: number, found: Found): StageReport {
    const { stage, commit, tree } = request;
    const failing = (found.tests?.failed ?? 0) > 0;
    const status = found.steps.every(succeeded) && !failing ? "Success" : "Failed";
    const now = clock.now();
    const times = { startedAt: new Date(begun).toISOString(), finishedAt: now.toISOString() };
    return { stage, status, commit, tree, durationMs: now.getTime() - begun, ...times, ...found };
  }

  function sweepOnce(): Promise<void> {
    const now = clock.now();
    swept ??= Promise.all([sweepFolders(work, now), prepared.sweep(now)]).then(() => undefined);
    return swept;
  }
}

async function aboutRun(
  { request, network, processes }: RunPlace,
  toolchain: ToolVersion[],
): Promise<Pick<StageReport, "toolchain" | "network" | "processes" | "notes">> {
  const notes = otherVersions(toolchain);
  return {
    toolchain,
    network: networkWords(network, request),
    processes: processes.words,
    ...(notes.length === 0 ? {} : { notes }),
  };
}

function networkWords(network: Network, { model, stage }: RunRequest): string {
  if (network.mode === "on") return `on (${network.why})`;
  const asking = stepsOf(model, stage).filter((step) => step.network === true && mayUseNetwork(step));
  return asking.length === 0 ? "off" : `on (asked for by ${asking.map(({ name }) => name).join(", ")})`;
}

function otherVersions(toolchain: readonly ToolVersion[]): string[] {
  return toolchain.flatMap(({ name, version, wanted }) =>
    wanted === undefined
      ? []
      : [`the module wants ${name} ${wanted}; this host has ${version}, which was used`],
  );
}

async function inventoryOf({ module }: RunRequest, source: string) {
  if (module === undefined) return { inventory: undefined, notes: [] };
  return readInventory(source, toolchainOf(module).inventories);
}

async function resolvedLock(model: PipelineModel, source: string): Promise<string | undefined> {
  const name = lockFileOf(model);
  if (name === undefined) return undefined;
  return readFile(join(source, name), "utf8").catch(() => undefined);
}
