/** A CI platform's language. Deterministic: the same model has the same bytes. */
import type { PipelineModel, RenderedFile } from "../domain/pipeline/pipeline-model.ts";

export interface PipelineDialect {
  readonly name: "azure-pipelines" | "github-actions" | "gitlab-ci";
  render(model: PipelineModel): RenderedFile[];
}
