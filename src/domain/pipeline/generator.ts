/** One kind of file that is generated beside the dialects: pure, the same subject has the same bytes. */
import type { ModuleSpec } from "../module/module-spec.ts";
import type { FileSet, PipelineModel } from "./pipeline-model.ts";

export interface GenerationSubject {
  model: PipelineModel;
  module: ModuleSpec;
}

/** Undefined where the module has no need of it. */
export type Generator = (subject: GenerationSubject) => FileSet | undefined;
