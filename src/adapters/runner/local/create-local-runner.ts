/**
 * Runs the pipeline model on this host: checks out exactly one commit, resolves its dependencies once, builds,
 * keeps the artifact, and tests the same tree. A run that was killed leaves nothing that counts, and the
 * next one removes what is left of it.
 */
import { mkdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { stepsOf } from "../../../domain/pipeline/model-for.ts";
import type { TestNumbers } from "../../../domain/pipeline/test-output.ts";
import { RefusalError } from "../../../domain/refusal.ts";
import { type Clock, systemClock } from "../../../ports/clock.ts";
import type { PipelineRunner, StageReport, StepReport } from "../../../ports/pipeline-runner.ts";
import type { SourceControl } from "../../../ports/source-control.ts";
import { buildKey, openBuildRecords } from "./build-records.ts";
import type { LocalArtifactStore } from "./create-artifact-store.ts";
import { developmentOnly } from "./dependencies.ts";
import { onFiles } from "./file-failure.ts";
import { prepareSource, type RunRequest, runModuleStep, sourceIn, succeeded } from "./prepare-source.ts";
import {
  endAndRemove,
  endProcessesOf,
  makePrivateFolder,
  privatePath,
  removeFolder,
  sweepFolders,
  sweepOldFolders,
} from "./private-folders.ts";

export interface LocalRunnerOptions {
  /** Folder for work in progress, built trees and build records; on the same file system throughout. */
  root: string;
  sourceControl: Pick<SourceControl, "checkout">;
  artifacts: LocalArtifactStore;
  clock?: Clock;
}

export function createLocalRunner(options: LocalRunnerOptions): PipelineRunner {
  const { root, sourceControl, artifacts, clock = systemClock } = options;
  const work = join(root, "work");
  /** Built trees that wait for their tests, by build key. */
  const prepared = join(root, "prepared");
  const records = openBuildRecords(join(root, "builds"));
  let swept: Promise<void> | undefined;

  return { run };

  function run(request: RunRequest): Promise<StageReport> {
    return onFiles(root, async () => {
      await mkdir(work, { recursive: true });
      await mkdir(prepared, { recursive: true });
      await sweepOnce();
      const key = buildKey(request.repository, request.commit, request.model);
      return request.stage === "build" ? build(request, key) : runOnBuilt(request, key);
    });
  }

  async function build(request: RunRequest, key: string): Promise<StageReport> {
    const earlier = await builtBefore(key);
    if (earlier !== undefined) {
      request.progress(`built before: ${earlier.artifact?.digest}`);
      return earlier;
    }
    const begun = clock.now().getTime();
    const folder = await makePrivateFolder(work);
    try {
      const lock = await records.lockOf(key);
      const steps = await prepareSource({ request, folder, lock, sourceControl, clock });
      if (!steps.every(succeeded)) {
        await endAndRemove(folder);
        return reportOf(request, begun, { steps });
      }
      if (steps.length > 0) await endProcessesOf(folder);
      request.signal.throwIfAborted();
      const source = sourceIn(folder);
      const artifact = await artifacts.put(source, await developmentOnly(source));
      request.progress(`artifact ${artifact.digest}, ${artifact.files} files, ${artifact.bytes} bytes`);
      const report = reportOf(request, begun, { steps, artifact });
      await records.keep(key, report, request.model.locked ? undefined : await resolvedLock(source));
      await rename(folder, join(prepared, key)).catch(ignoreTaken);
      await removeFolder(folder);
      return report;
    } catch (error) {
      await endAndRemove(folder);
      throw error;
    }
  }

  /** Any later stage: on the tree that was built, or on one that is made from the same commit and dependencies. */
  async function runOnBuilt(request: RunRequest, key: string): Promise<StageReport> {
    const begun = clock.now().getTime();
    const folder = privatePath(work);
    const steps: StepReport[] = [];
    let tests: TestNumbers | undefined;
    try {
      if (!(await claim(key, folder))) {
        await mkdir(folder, { mode: 0o700 });
        const lock = await records.lockOf(key);
        const preparation = await prepareSource({ request, folder, lock, sourceControl, clock });
        if (!preparation.every(succeeded)) return reportOf(request, begun, { steps: preparation });
      }
      for (const step of stepsOf(request.model, request.stage)) {
        const result = await runModuleStep(step, { request, folder, clock });
        steps.push(result.report);
        tests = result.numbers ?? tests;
        if (!succeeded(result.report)) break;
      }
      return reportOf(request, begun, tests === undefined ? { steps } : { steps, tests });
    } finally {
      await endAndRemove(folder);
    }
  }

  /** A built tree is used once: tests may change it. */
  async function claim(key: string, folder: string): Promise<boolean> {
    return rename(join(prepared, key), folder).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return false;
        throw error;
      },
    );
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

  function reportOf(
    request: RunRequest,
    begun: number,
    found: Pick<StageReport, "steps" | "tests" | "artifact">,
  ): StageReport {
    const { stage, commit, tree } = request;
    const status = found.steps.every(succeeded) ? "Success" : "Failed";
    return { stage, status, commit, tree, durationMs: clock.now().getTime() - begun, ...found };
  }

  function sweepOnce(): Promise<void> {
    const now = clock.now();
    swept ??= Promise.all([sweepFolders(work, now), sweepOldFolders(prepared, now)]).then(() => undefined);
    return swept;
  }
}

async function resolvedLock(source: string): Promise<string | undefined> {
  return readFile(join(source, "package-lock.json"), "utf8").catch(() => undefined);
}

/** Another run of the same commit has put its tree there: one is enough. */
function ignoreTaken(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
}
