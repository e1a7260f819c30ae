/** Azure Pipelines: a pipeline of two step templates in one job, so that tests run on what was built. */
import type {
  PipelineModel,
  PipelineStage,
  PipelineStep,
  RenderedFile,
} from "../../../domain/pipeline/pipeline-model.ts";
import { shellLine, withoutExpressions } from "../../../domain/pipeline/shell-line.ts";
import { yamlFile } from "../../../domain/pipeline/yaml-file.ts";
import type { PipelineDialect } from "../../../ports/pipeline-dialect.ts";

export const azurePipelines: PipelineDialect = {
  name: "azure-pipelines",
  render: (model) => [
    yamlFile(model, "azure-pipelines.yaml", pipeline(model)),
    ...model.stages.map((stage) => template(model, stage)),
  ],
};

function pipeline(model: PipelineModel): object {
  const branches = { include: [model.targetBranch] };
  return {
    trigger: { branches },
    pr: { branches },
    pool: { vmImage: "ubuntu-24.04" },
    variables: { npm_config_cache: "$(Pipeline.Workspace)/.npm" },
    jobs: [
      {
        job: "ci",
        displayName: `${model.moduleId}: ${model.stages.map(({ name }) => name).join(", ")}`,
        steps: [
          { checkout: "self", persistCredentials: false, fetchDepth: 1 },
          { task: "UseNode@1", displayName: "node", inputs: { version: `${model.runtime.version}.x` } },
          {
            task: "Cache@2",
            displayName: "npm cache",
            inputs: {
              key: 'npm | "$(Agent.OS)" | package*.json',
              restoreKeys: 'npm | "$(Agent.OS)"',
              path: "$(npm_config_cache)",
            },
          },
          ...model.stages.map((stage) => ({ template: `${stage.name}.yaml` })),
          ...(model.prune === undefined ? [] : [{ script: shellLine(model.prune), displayName: "prune" }]),
          { script: "rm -rf .git", displayName: "leave history out" },
          {
            task: "PublishPipelineArtifact@1",
            displayName: "artifact",
            inputs: { targetPath: "$(Build.SourcesDirectory)", artifact: model.moduleId },
          },
        ],
      },
    ],
  };
}

function template(model: PipelineModel, stage: PipelineStage): RenderedFile {
  const steps = stage.steps.map((step) => scriptStep(model, step));
  return yamlFile(model, `${stage.name}.yaml`, { steps });
}

/** Only resolving dependencies is tried again: it fails for reasons outside; a build or a test does not. */
function scriptStep(model: PipelineModel, step: PipelineStep): object {
  return {
    script: withoutExpressions(shellLine(step.run)),
    displayName: step.name,
    timeoutInMinutes: Math.ceil(step.timeoutSeconds / 60),
    ...(step.name === "install" ? { retryCountOnTaskFailure: model.retry.limit } : {}),
  };
}
