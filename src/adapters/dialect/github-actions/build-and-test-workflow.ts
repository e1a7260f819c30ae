/**
 * The workflow that builds and tests, in one job: the tests run on the dependencies that the build resolved, and what
 * is kept is what was tested.
 */
import { inModule, type PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { commented, keptItems } from "../../../domain/pipeline/yaml-file.ts";
import { asGlob, languages, runtimeVersion } from "../plain-text.ts";
import { minutesOf, plainVariables, pruneLine, type ShellStep, shellSteps } from "../shell-steps.ts";
import { cachePlaces, cacheSteps } from "./cache-steps.ts";
import { reportSteps } from "./report-steps.ts";
import { runtimeSteps } from "./runtime-steps.ts";
import { checkout, expression, runner, uses } from "./workflow-steps.ts";

/** Checking out, setting up, keeping reports: what a job needs beside its own steps. */
const aroundMinutes = 15;

export function buildAndTestWorkflow(model: PipelineModel): object {
  const build = shellSteps(model, "build");
  const test = shellSteps(model, "test");
  const variables = { ...cachePlaces(model), ...plainVariables(model.environment) };
  return {
    name: `${model.moduleId}: build and test`,
    on: { workflow_call: inputs(model) },
    permissions: { contents: "read" },
    jobs: {
      "build-and-test": {
        name: jobName(model),
        "runs-on": runner,
        "timeout-minutes": aroundMinutes + minutesOf([...build, ...test]),
        ...(Object.keys(variables).length === 0 ? {} : { env: variables }),
        ...(model.folder === "" ? {} : { defaults: { run: { "working-directory": model.folder } } }),
        steps: [
          checkout(),
          ...runtimeSteps(model),
          ...cacheSteps(model),
          keptItems("before-build"),
          ...build.map(runStep),
          ...imageCheck(model, build),
          ...test.map(runStep),
          ...reportSteps(model),
          ...keepSteps(model),
          keptItems("after-test"),
        ],
      },
    },
  };
}

/** The calling job says what is done; this one says on what. */
function jobName({ runtime }: PipelineModel): string {
  return runtime.name === "container"
    ? "Image"
    : `${languages[runtime.name]} ${expression("inputs.runtime-version")}`;
}

function inputs(model: PipelineModel): object | null {
  if (model.runtime.name === "container") return null;
  const input = { type: "string", default: runtimeVersion(model) };
  return { inputs: { "runtime-version": input } };
}

function runStep(step: ShellStep): object {
  return {
    name: step.title,
    ...(Object.keys(step.variables).length === 0 ? {} : { env: step.variables }),
    run: step.line,
    "timeout-minutes": step.timeoutMinutes,
  };
}

/** A module that is only a Dockerfile is built by building its image. */
function imageCheck(model: PipelineModel, build: ShellStep[]): object[] {
  if (model.runtime.name !== "container" || build.length > 0) return [];
  return [{ name: "Build the image", run: `docker build --pull --tag ${model.moduleId} .` }];
}

/** What the local runner keeps too: the built tree with what it needs to run, and neither history nor downloads. */
function keepSteps(model: PipelineModel): unknown[] {
  if (model.runtime.name === "container") return [];
  const prune = pruneLine(model);
  const left = [".git", ...model.caches.map(({ folder }) => inModule(model, asGlob(folder)))];
  const path = [model.folder === "" ? "." : model.folder, ...left.map((folder) => `!${folder}/**`)].join(
    "\n",
  );
  return [
    ...(prune === undefined ? [] : [{ name: "Leave only what runs", run: prune }]),
    commented("The built tree with what it needs to run, as the control plane keeps it.", {
      name: "Keep what was built",
      uses: uses("actions/upload-artifact"),
      with: {
        name: `${model.moduleId}-${expression("inputs.runtime-version")}`,
        path,
        "include-hidden-files": true,
        "retention-days": 7,
      },
    }),
  ];
}
