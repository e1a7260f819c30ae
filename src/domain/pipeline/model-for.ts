/** What a module asks of its pipeline: only stages that really run, in the order in which they run. */
import type { Command, ModuleSpec } from "../module/module-spec.ts";
import { toolchainOf } from "../stack/stacks.ts";
import type { PipelineEnvironment, PipelineModel, PipelineStage, PipelineStep } from "./pipeline-model.ts";

/** Of hand-overs that were recorded when every module was one of Node. */
const recordedBefore = "24";
const stepTimeoutSeconds = 15 * 60;

export interface ModelRequest {
  tenantId: string;
  module: ModuleSpec;
  folder: string;
  targetBranch: string;
  environments: PipelineEnvironment[];
}

export function modelFor(request: ModelRequest): PipelineModel {
  const { module } = request;
  const toolchain = toolchainOf(module);
  const networked = (step: PipelineStep) => (toolchain.resolvesLate ? { ...step, network: true } : step);
  const build: PipelineStage = {
    name: "build",
    steps: [
      ...toolchain.install.flatMap(({ name, run, environment = {} }) =>
        optional(name, run).map((step) => withVariables(step, environment)),
      ),
      ...optional("build", module.build).map(networked),
    ],
  };
  const test: PipelineStage = {
    name: "test",
    steps: optional("test", module.test)
      .map((step) => withVariables(step, module.testEnvironment ?? {}))
      .map(networked),
  };
  return {
    tenantId: request.tenantId,
    moduleId: module.id,
    version: module.version,
    folder: request.folder,
    runtime: { name: module.runtime, version: module.runtimeVersion ?? recordedBefore },
    packageManager: module.packageManager,
    ...(module.packageManagerVersion === undefined
      ? {}
      : { packageManagerVersion: module.packageManagerVersion }),
    locked: module.locked,
    manifestFiles: module.manifestFiles ?? ["package.json"],
    targetBranch: request.targetBranch,
    environments: request.environments,
    environment: module.environment ?? {},
    stages: [build, test].filter((stage) => stage.steps.length > 0),
    ...(toolchain.prune === undefined ? {} : { prune: toolchain.prune }),
    caches: toolchain.caches,
    reports: module.reports ?? {},
    retry: { limit: 1, backoffSeconds: 5 },
  };
}

/** The steps of one stage; none where the pipeline does not have it. */
export function stepsOf(model: PipelineModel, name: PipelineStage["name"]): PipelineStep[] {
  return model.stages.find((stage) => stage.name === name)?.steps ?? [];
}

function optional(name: string, run: Command | undefined): PipelineStep[] {
  return run === undefined ? [] : [{ name, run, timeoutSeconds: stepTimeoutSeconds }];
}

function withVariables(step: PipelineStep, environment: Record<string, string>): PipelineStep {
  return Object.keys(environment).length === 0 ? step : { ...step, environment };
}
