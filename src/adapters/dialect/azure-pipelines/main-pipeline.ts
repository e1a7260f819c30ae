/** azure-pipelines.yaml: builds, tests and scans; has stages that deploy only where the platform is told to. */

import { referenceOf } from "../../../domain/pipeline/pins/images.ts";
import { pinnedTools } from "../../../domain/pipeline/pins/tools.ts";
import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { commented, keptEntries, keptItems } from "../../../domain/pipeline/yaml-file.ts";
import { languages, runtimeVersion } from "../plain-text.ts";
import { continued, deployFromCi, trivyArguments } from "../platform-tools.ts";
import { minutesOf, plainVariables, pruneLine, shellSteps } from "../shell-steps.ts";
import { cachePlaces } from "./build-template.ts";
import { deployStages } from "./deploy-stages.ts";
import { checkout } from "./pipeline-steps.ts";

/** Checking out, setting up, publishing: what a job needs beside its own steps. */
const aroundMinutes = 15;

export function mainHead({ environments, moduleId }: PipelineModel): string[] {
  if (environments.length === 0) return [`Builds, tests and scans ${moduleId}.`];
  const approved = environments.filter(({ requiresApproval }) => requiresApproval).map(({ name }) => name);
  return [
    `Builds, tests and scans ${moduleId}. The control plane deploys it, so nothing here does, unless the marked place`,
    "under `variables` holds these:",
    `  ${deployFromCi}: "true"`,
    "  AZURE_SERVICE_CONNECTION: an Azure Resource Manager connection with workload identity federation (OIDC)",
    "  CONTAINER_REGISTRY: name of an Azure container registry",
    "  CLUSTER_NAME, CLUSTER_RESOURCE_GROUP: of the Kubernetes cluster",
    "They stand here and not in the portal, as Azure Pipelines must know a service connection before a run starts.",
    "",
    `It has to be told once, under Pipelines > Environments: ${environments.map(({ name }) => name).join(", ")}${
      approved.length === 0 ? "." : `; with an approval check: ${approved.join(", ")}.`
    }`,
  ];
}

export function mainPipeline(model: PipelineModel): object {
  const triggers = {
    branches: { include: [model.targetBranch] },
    ...(model.folder === "" ? {} : { paths: { include: [model.folder] } }),
  };
  return {
    trigger: { batch: true, ...triggers },
    pr: { ...triggers, autoCancel: true },
    pool: { vmImage: "ubuntu-24.04" },
    variables: {
      ...cachePlaces(model),
      ...plainVariables(model.environment),
      moduleDirectory: sources(model),
      ...keptEntries("variables"),
    },
    stages: [buildStage(model), scanStage(model), ...deployStages(model), keptItems("stages")],
  };
}

function buildStage(model: PipelineModel): object {
  const steps = [...shellSteps(model, "build"), ...shellSteps(model, "test")];
  const isContainer = model.runtime.name === "container";
  const directory = { workingDirectory: "$(moduleDirectory)" };
  const version = isContainer ? {} : { runtimeVersion: "$(runtimeVersion)" };
  return {
    stage: "build",
    displayName: "Build and test",
    jobs: [
      {
        job: "build",
        displayName: isContainer ? "Image" : languages[model.runtime.name],
        timeoutInMinutes: aroundMinutes + minutesOf(steps),
        ...(isContainer ? {} : { strategy: { matrix: matrix(model) } }),
        steps: [
          checkout(),
          commented("In one job, so that the tests run on the dependencies that the build resolved.", {
            template: "build.yaml",
            parameters: { ...version, ...directory },
          }),
          ...(model.stages.some(({ name }) => name === "test")
            ? [{ template: "test.yaml", parameters: directory }]
            : []),
          ...keepSteps(model),
        ],
      },
    ],
  };
}

function matrix(model: PipelineModel): object {
  const version = runtimeVersion(model);
  return { [`${model.runtime.name}_${version.replaceAll(/\W/g, "_")}`]: { runtimeVersion: version } };
}

/** What the local runner keeps too: the built tree with what it needs to run, and no history. */
function keepSteps(model: PipelineModel): unknown[] {
  if (model.runtime.name === "container") return [];
  const prune = pruneLine(model);
  return [
    ...(prune === undefined
      ? []
      : [{ script: prune, displayName: "Leave only what runs", workingDirectory: "$(moduleDirectory)" }]),
    ...(model.folder === "" ? [{ script: "rm -rf .git", displayName: "Leave out the history" }] : []),
    commented("The built tree with what it needs to run, as the control plane keeps it.", {
      publish: "$(moduleDirectory)",
      artifact: `${model.moduleId}-$(runtimeVersion)`,
      displayName: "Keep what was built",
    }),
  ];
}

function scanStage(model: PipelineModel): object {
  const report = `trivy-${model.moduleId}.sarif`;
  return {
    stage: "scan",
    displayName: "Scan",
    dependsOn: [],
    jobs: [
      {
        job: "scan",
        displayName: "Secrets and known vulnerabilities",
        timeoutInMinutes: 15,
        steps: [
          checkout(),
          {
            script: continued([
              "docker run --rm",
              '--volume "$(moduleDirectory):/source:ro"',
              '--volume "$(Build.ArtifactStagingDirectory):/reports"',
              referenceOf(pinnedTools.trivy),
              ...trivyArguments("/source", `/reports/${report}`),
            ]),
            displayName: "Look for secrets and known vulnerabilities",
          },
          commented("Under this name the Scans tab of a run finds the report.", {
            publish: `$(Build.ArtifactStagingDirectory)/${report}`,
            artifact: "CodeAnalysisLogs",
            displayName: "Keep the report",
            condition: "succeededOrFailed()",
          }),
        ],
      },
    ],
  };
}

function sources({ folder }: PipelineModel): string {
  const root = "$(Build.SourcesDirectory)";
  return folder === "" ? root : `${root}/${folder}`;
}
