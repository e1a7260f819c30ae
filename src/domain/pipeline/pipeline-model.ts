/**
 * The pipeline as one model. The three dialects are written from it and the local runner executes it,
 * so that what is generated is what was tried. It names no trace: the same module has the same files.
 */
import type { Command, PackageManager, Reports, Runtime } from "../module/module-spec.ts";
import type { Cache } from "../stack/stack.ts";

export type StageName = "build" | "test" | "scan" | "deploy";

export interface PipelineStep {
  /** `install`, or `install-...`, for a step that resolves dependencies. */
  name: string;
  run: Command;
  /** Seconds after which the step has failed. */
  timeoutSeconds: number;
  /** Variables of this step alone, beside the model's. */
  environment?: Record<string, string>;
  /** It needs more than this host; `install` and `install-...` always have the network. */
  network?: boolean;
}

/** A stage that really runs; what deploys is the control plane, for each of the model's environments. */
export interface PipelineStage {
  name: StageName;
  steps: PipelineStep[];
}

export interface PipelineEnvironment {
  name: string;
  /** A person approves before anything is deployed there. */
  requiresApproval: boolean;
}

export interface PipelineModel {
  tenantId: string;
  moduleId: string;
  version: string;
  /** The module's folder in its repository, without slashes at its ends; empty: the repository's root. */
  folder: string;
  runtime: { name: Runtime; version: string };
  packageManager: PackageManager;
  packageManagerVersion?: string;
  locked: boolean;
  /** What caches are keyed by, relative to the module. */
  manifestFiles: string[];
  targetBranch: string;
  environments: PipelineEnvironment[];
  /** Variables of every step. */
  environment: Record<string, string>;
  stages: PipelineStage[];
  /** Leaves in the built tree what the module needs to run. */
  prune?: Command;
  caches: Cache[];
  reports: Reports;
  retry: { limit: number; backoffSeconds: number };
}

/** One generated file, by its path in the repository. */
export interface RenderedFile {
  path: string;
  content: string;
  executable?: boolean;
}

/** Files that only make sense together: those of one dialect, of the image, of the chart. */
export interface FileSet {
  name: string;
  files: RenderedFile[];
}

/** The path of a module's file in its repository. */
export function inModule(model: Pick<PipelineModel, "folder">, path: string): string {
  return model.folder === "" ? path : `${model.folder}/${path}`;
}
