import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";

/** In a monorepo all modules' jobs are in one pipeline, and so have their module's name in front. */
export function jobName({ folder, moduleId }: PipelineModel, name: string): string {
  return folder === "" ? name : `${moduleId}:${name}`;
}

/** The hidden job that a module's jobs extend. */
export function commonJob({ moduleId }: PipelineModel): string {
  return `.${moduleId}`;
}
