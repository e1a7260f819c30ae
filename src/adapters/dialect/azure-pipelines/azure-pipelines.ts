/**
 * Azure Pipelines: the pipeline, and a template of steps for each of its parts. Templates lie beside the pipeline,
 * so that each module of a monorepo has its own in its own folder.
 */
import {
  inModule,
  type PipelineModel,
  type PipelineStage,
  type RenderedFile,
} from "../../../domain/pipeline/pipeline-model.ts";
import { yamlFile } from "../../../domain/pipeline/yaml-file.ts";
import type { PipelineDialect } from "../../../ports/pipeline-dialect.ts";
import { buildTemplate } from "./build-template.ts";
import { deployTemplate } from "./deploy-template.ts";
import { mainHead, mainPipeline } from "./main-pipeline.ts";
import { testTemplate } from "./test-template.ts";

export const azurePipelines: PipelineDialect = {
  name: "azure-pipelines",
  render: (model) => [
    yamlFile(model, inModule(model, "azure-pipelines.yaml"), mainPipeline(model), { head: mainHead(model) }),
    yamlFile(model, inModule(model, "build.yaml"), buildTemplate(model)),
    ...(hasStage(model, "test") ? [yamlFile(model, inModule(model, "test.yaml"), testTemplate(model))] : []),
    ...deployFiles(model),
  ],
};

function deployFiles(model: PipelineModel): RenderedFile[] {
  if (model.environments.length === 0) return [];
  return [yamlFile(model, inModule(model, "deploy.yaml"), deployTemplate(model))];
}

function hasStage({ stages }: PipelineModel, name: PipelineStage["name"]): boolean {
  return stages.some((stage) => stage.name === name);
}
