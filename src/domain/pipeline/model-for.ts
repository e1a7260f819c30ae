/** What a hand-over asks of its pipeline: only stages that really run, in the order in which they run. */
import type { HandOver } from "../delivery/hand-over.ts";
import type { Command } from "../module/module-spec.ts";
import type { Subject } from "../scope.ts";
import { installCommand } from "./npm-commands.ts";
import type { PipelineModel, PipelineStage, PipelineStep } from "./pipeline-model.ts";

const nodeVersion = "24";
const stepTimeoutSeconds = 15 * 60;

export function modelFor(handOver: HandOver, subject: Subject, version: string): PipelineModel {
  const { module } = handOver;
  const install = installCommand(module.locked, module.build !== undefined || module.test !== undefined);
  const build: PipelineStage = {
    name: "build",
    steps: [step("install", install), ...optional("build", module.build)],
  };
  const test: PipelineStage = { name: "test", steps: optional("test", module.test) };
  return {
    traceId: subject.traceId,
    tenantId: subject.tenantId,
    moduleId: subject.moduleId,
    version,
    runtime: { name: "node", version: nodeVersion },
    packageManager: module.packageManager,
    locked: module.locked,
    targetBranch: handOver.targetBranch,
    environments: handOver.environments,
    stages: [build, test].filter((stage) => stage.steps.length > 0),
    retry: { limit: 1, backoffSeconds: 5 },
  };
}

/** The steps of one stage; none where the pipeline does not have it. */
export function stepsOf(model: PipelineModel, name: PipelineStage["name"]): PipelineStep[] {
  return model.stages.find((stage) => stage.name === name)?.steps ?? [];
}

function optional(name: string, run: Command | undefined): PipelineStep[] {
  return run === undefined ? [] : [step(name, run)];
}

function step(name: string, run: Command): PipelineStep {
  return { name, run, timeoutSeconds: stepTimeoutSeconds };
}
