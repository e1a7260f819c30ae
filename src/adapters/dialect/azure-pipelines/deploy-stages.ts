/**
 * Stages that deploy, where the pipeline's own variables say so. They are left out while the pipeline is compiled and not
 * only skipped, as Azure Pipelines refuses a run that names a service connection which is not there.
 */
import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { deployFromCi } from "../platform-tools.ts";
import { checkout } from "./pipeline-steps.ts";

export function deployStages(model: PipelineModel): object[] {
  if (model.environments.length === 0) return [];
  const isOn = `eq(variables['${deployFromCi}'], 'true')`;
  const stages = [imageStage(model), ...model.environments.map((_, index) => deployStage(model, index))];
  return [{ ["$".concat(`{{ if ${isOn} }}`)]: stages }];
}

/** Built once, so that every environment gets the same bytes. */
function imageStage(model: PipelineModel): object {
  return {
    stage: "image",
    displayName: "Image",
    dependsOn: ["build", "scan"],
    condition: `and(succeeded(), ne(variables['Build.Reason'], 'PullRequest'))`,
    jobs: [
      {
        job: "image",
        displayName: "Build and push",
        timeoutInMinutes: 30,
        steps: [
          checkout(),
          {
            task: "AzureCLI@2",
            name: "image",
            displayName: "Build and push",
            inputs: {
              azureSubscription: connection,
              scriptType: "bash",
              scriptLocation: "inlineScript",
              workingDirectory: "$(moduleDirectory)",
              inlineScript: [
                "set -euo pipefail",
                'az acr login --name "$(CONTAINER_REGISTRY)"',
                `name="$(CONTAINER_REGISTRY).azurecr.io/${model.moduleId}"`,
                'docker build --pull --tag "$name:$(Build.SourceVersion)" .',
                'docker push "$name:$(Build.SourceVersion)"',
                `reference="$(docker inspect --format '{{index .RepoDigests 0}}' "$name:$(Build.SourceVersion)")"`,
                'echo "##vso[task.setvariable variable=reference;isOutput=true]$reference"',
              ].join("\n"),
            },
          },
        ],
      },
    ],
  };
}

/** One environment after the other; Azure Pipelines holds each back until the checks of its environment agree. */
function deployStage(model: PipelineModel, index: number): object {
  const { name = "" } = model.environments[index] ?? {};
  const before = model.environments[index - 1];
  const id = stageId(name);
  return {
    stage: id,
    displayName: `Deploy to ${name}`,
    dependsOn: before === undefined ? ["image"] : ["image", stageId(before.name)],
    jobs: [
      {
        deployment: id,
        displayName: name,
        timeoutInMinutes: 20,
        environment: name,
        variables: {
          image: "$[ stageDependencies.image.image.outputs['image.reference'] ]",
        },
        strategy: {
          runOnce: {
            deploy: {
              steps: [
                checkout(),
                {
                  template: "deploy.yaml",
                  parameters: { environment: name, serviceConnection: connection, image: "$(image)" },
                },
              ],
            },
          },
        },
      },
    ],
  };
}

/** Known when the pipeline is compiled, as Azure Pipelines asks for. */
const connection = "$".concat("{{ variables.AZURE_SERVICE_CONNECTION }}");

/** Stages and jobs are named with letters, digits and underscores. */
function stageId(environment: string): string {
  return `deploy_${environment.replaceAll(/\W/g, "_")}`;
}
