/**
 * The pipeline as one model. The three dialects are written from it and the local runner executes it,
 * so that what is generated is what was tried.
 */
import type { Command } from "../module/module-spec.ts";

export type StageName = "build" | "test" | "scan" | "deploy";

export interface PipelineStep {
  /** `install` for the step that resolves dependencies. */
  name: string;
  run: Command;
  /** Seconds after which the step has failed. */
  timeoutSeconds: number;
}

/** A stage that really runs; what deploys is the control plane, for each of the model's environments. */
export interface PipelineStage {
  name: StageName;
  steps: PipelineStep[];
}

export interface PipelineModel {
  traceId: string;
  tenantId: string;
  moduleId: string;
  version: string;
  runtime: { name: "node"; version: string };
  packageManager: "npm";
  locked: boolean;
  targetBranch: string;
  environments: string[];
  stages: PipelineStage[];
  retry: { limit: number; backoffSeconds: number };
}

/** One generated file, by its path in the repository. */
export interface RenderedFile {
  path: string;
  content: string;
  executable?: boolean;
}
