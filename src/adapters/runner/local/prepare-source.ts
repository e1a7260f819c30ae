/** From a commit to a tree that can run: checked out, dependencies resolved, built. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "../../../domain/module/module-spec.ts";
import { stepsOf } from "../../../domain/pipeline/model-for.ts";
import type { PipelineModel, PipelineStep } from "../../../domain/pipeline/pipeline-model.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { RunRequest, StepReport } from "../../../ports/pipeline-runner.ts";
import type { SourceControl } from "../../../ports/source-control.ts";
import { hasDependencies, lockFileOf } from "./dependencies.ts";
import { diskFull, saysDiskFull } from "./file-failure.ts";
import type { Network } from "./network.ts";
import type { ProcessLimit } from "./process-limit.ts";
import { requireTool } from "./programs.ts";
import { runStep, type StepResult } from "./run-step.ts";
import { fetchesDependencies, searchPath, stepEnvironment } from "./step-environment.ts";

/** What every step of one run has around it. */
export interface RunPlace {
  request: RunRequest;
  folder: string;
  /** Variables that tell tools where their downloads are. */
  caches: Record<string, string>;
  network: Network;
  processes: ProcessLimit;
  clock: Clock;
}

export interface Preparation extends RunPlace {
  /** What the dependencies were resolved to before; makes a module without a lock file come out the same again. */
  lock: string | undefined;
  sourceControl: Pick<SourceControl, "checkout">;
}

export function sourceIn(folder: string): string {
  return join(folder, "source");
}

/** The reports of the build stage's steps; the last one failed where not all are there. */
export async function prepareSource(preparation: Preparation): Promise<StepReport[]> {
  const { request, folder, lock, sourceControl } = preparation;
  const { model, repository, commit } = request;
  const source = sourceIn(folder);
  request.progress(`checkout ${commit.slice(0, 12)}`);
  if (model.folder === "") await sourceControl.checkout(repository, commit, source);
  else await sourceControl.checkout(repository, commit, source, model.folder);
  const lockFile = lockFileOf(model);
  if (lock !== undefined && lockFile !== undefined) await writeFile(join(source, lockFile), lock);

  const reports: StepReport[] = [];
  for (const step of stepsOf(model, "build")) {
    if (isNpmInstall(model, step) && !(await hasDependencies(source))) {
      request.progress("no dependencies to install");
      continue;
    }
    const run = isNpmInstall(model, step) && lock !== undefined ? exactly(step.run) : step.run;
    const { report } = await runModuleStep({ ...step, run }, preparation);
    reports.push(report);
    if (!succeeded(report)) break;
  }
  return reports;
}

function isNpmInstall({ packageManager }: PipelineModel, { name }: PipelineStep): boolean {
  return name === "install" && packageManager === "npm";
}

/** `npm ci` where the module itself says `npm install`: the same packages again. */
function exactly([npm = "npm", , ...options]: Command): Command {
  return [npm, "ci", ...options];
}

export async function runModuleStep(step: PipelineStep, place: RunPlace): Promise<StepResult> {
  const { request, folder, caches, clock, network, processes } = place;
  const { model, secrets = {}, signal, progress } = request;
  await mkdir(join(folder, "home"), { recursive: true });
  await mkdir(join(folder, "tmp"), { recursive: true });
  const offline = network.mode === "off" && !mayUseNetwork(step);
  const environment = stepEnvironment(step, { folder, model, caches, secrets, offline });
  requireTool(model, step.run, environment.PATH ?? searchPath());
  const { launcher, end } = await processes.enclose();
  const result = await runStep(step, {
    directory: sourceIn(folder),
    environment,
    secrets: Object.values(secrets),
    launcher: [...launcher, ...(offline ? network.launcher : [])],
    endRest: end,
    signal,
    clock,
    progress,
  });
  if (!succeeded(result.report) && saysDiskFull(result.report.output)) throw diskFull(folder);
  if (!offline || succeeded(result.report) || !missedTheNetwork(result.report.output)) return result;
  const output = `${result.report.output}\nthis step runs without a network: fetch what it needs in install, or ask for one (network: true)`;
  return { ...result, report: { ...result.report, output } };
}

export function mayUseNetwork(step: PipelineStep): boolean {
  return fetchesDependencies(step) || step.network === true;
}

/** How Node.js, Python, Go, Java and curl put it that there is no network. */
function missedTheNetwork(output: string): boolean {
  return /ENETUNREACH|EAI_AGAIN|ENOTFOUND|Network is unreachable|Temporary failure in name resolution|Could not resolve host|no such host|UnknownHostException|NameResolutionError|network is unreachable/.test(
    output,
  );
}

export function succeeded(report: StepReport): boolean {
  return report.ended === "exited" && report.exitCode === 0;
}
