/**
 * What would be generated for a module, laid over what is there: the same plan is previewed, committed by the
 * DevOps Engineer, and compared by the fleet. Planning writes objects only; no branch moves.
 */
import type { ModuleSpec } from "../domain/module/module-spec.ts";
import type { PipelineModel } from "../domain/pipeline/pipeline-model.ts";
import type { PipelinePolicy } from "../domain/tenant/delivery-policies.ts";
import type { FileFinding } from "./file-validator.ts";

export interface GenerationRequest {
  repository: string;
  /** The commit or tree that the files are laid over. */
  over: string;
  /** A branch or commit in whose history the last generation is looked for; absent: `over`. */
  history?: string;
  model: PipelineModel;
  module: ModuleSpec;
  policy: PipelinePolicy;
  /** Sets that an earlier attempt found invalid. */
  leaveOut?: readonly string[];
}

export interface PlannedFile {
  path: string;
  /** `github-actions`, `container`: files that only make sense together. */
  set: string;
  /**
   * `own`: the module brought it, without our mark. `conflict`: changed by hand where the generator changed it too;
   * the hand-made text stays. `removed`: generated before and not any more.
   */
  status: "added" | "changed" | "unchanged" | "removed" | "own" | "conflict";
  /** The text that will stand there; empty where removed. */
  content: string;
  /** It differs from what was generated: people changed it, outside or inside of the marked places. */
  edited: boolean;
  /** Text with conflict markers. */
  marked?: string;
}

export interface GenerationPlan {
  /** The whole tree with the generated files in it. */
  tree: string;
  /** A tree of the generated files alone, as they came out: the base of the next three-way merge. */
  generatedTree: string;
  files: PlannedFile[];
  findings: FileFinding[];
  /** Sets that were left out because what was generated is not valid. */
  leftOut: { set: string; findings: FileFinding[] }[];
}

export type PlanGeneration = (request: GenerationRequest) => Promise<GenerationPlan>;
