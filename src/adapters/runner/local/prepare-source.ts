/** From a commit to a tree that can run: checked out, dependencies resolved, built. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "../../../domain/module/module-spec.ts";
import { stepsOf } from "../../../domain/pipeline/model-for.ts";
import type { PipelineStep } from "../../../domain/pipeline/pipeline-model.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { PipelineRunner, StepReport } from "../../../ports/pipeline-runner.ts";
import type { SourceControl } from "../../../ports/source-control.ts";
import { hasDependencies } from "./dependencies.ts";
import { diskFull, saysDiskFull } from "./file-failure.ts";
import { runStep, type StepResult } from "./run-step.ts";
import { installEnvironment, requireNpm, stepEnvironment } from "./step-environment.ts";

export type RunRequest = Parameters<PipelineRunner["run"]>[0];

export interface Preparation {
  request: RunRequest;
  folder: string;
  /** What the dependencies were resolved to before; makes a module without a lock file come out the same again. */
  lock: string | undefined;
  sourceControl: Pick<SourceControl, "checkout">;
  clock: Clock;
}

export function sourceIn(folder: string): string {
  return join(folder, "source");
}

/** The reports of the build stage's steps; the last one failed where not all are there. */
export async function prepareSource(preparation: Preparation): Promise<StepReport[]> {
  const { request, folder, lock, sourceControl, clock } = preparation;
  const source = sourceIn(folder);
  request.progress(`checkout ${request.commit.slice(0, 12)}`);
  await sourceControl.checkout(request.repository, request.commit, source);
  if (lock !== undefined) await writeFile(join(source, "package-lock.json"), lock);

  const reports: StepReport[] = [];
  for (const step of stepsOf(request.model, "build")) {
    if (step.name === "install" && !(await hasDependencies(source))) {
      request.progress("no dependencies to install");
      continue;
    }
    const run = step.name === "install" && lock !== undefined ? exactly(step.run) : step.run;
    const { report } = await runModuleStep({ ...step, run }, { request, folder, clock });
    reports.push(report);
    if (!succeeded(report)) break;
  }
  return reports;
}

/** `npm ci` where the module itself says `npm install`: the same packages again. */
function exactly([npm = "npm", , ...options]: Command): Command {
  return [npm, "ci", ...options];
}

export async function runModuleStep(
  step: PipelineStep,
  where: { request: RunRequest; folder: string; clock: Clock },
): Promise<StepResult> {
  const { request, folder, clock } = where;
  await mkdir(join(folder, "home"), { recursive: true });
  await mkdir(join(folder, "tmp"), { recursive: true });
  const environment = step.name === "install" ? installEnvironment(folder) : stepEnvironment(folder);
  if (step.run[0] === "npm") requireNpm(environment);
  const { signal, progress } = request;
  const result = await runStep(step, { directory: sourceIn(folder), environment, signal, clock, progress });
  if (!succeeded(result.report) && saysDiskFull(result.report.output)) throw diskFull(folder);
  return result;
}

export function succeeded(report: StepReport): boolean {
  return report.ended === "exited" && report.exitCode === 0;
}
