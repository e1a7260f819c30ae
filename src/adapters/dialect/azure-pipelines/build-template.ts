/** build.yaml: sets up the language, restores what was downloaded before, resolves and builds. */
import { cacheVariables } from "../../../domain/pipeline/cache-variables.ts";
import { inModule, type PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { keptItems } from "../../../domain/pipeline/yaml-file.ts";
import { asGlob } from "../plain-text.ts";
import { shellSteps } from "../shell-steps.ts";
import { moduleParameters, parameter, scriptStep } from "./pipeline-steps.ts";

export function buildTemplate(model: PipelineModel): object {
  const build = shellSteps(model, "build");
  return {
    parameters: moduleParameters(model),
    steps: [
      ...languageSteps(model),
      ...cacheSteps(model),
      keptItems("before-build"),
      ...build.map((step) => scriptStep(model, step)),
      ...(model.runtime.name === "container" && build.length === 0 ? [imageCheck(model)] : []),
    ],
  };
}

/** Where the model's caches lie for a job: beside the sources, so that they are never part of an artifact. */
export function cachePlaces(model: PipelineModel): Record<string, string> {
  return cacheVariables(model.caches, cacheFolder);
}

function cacheFolder(folder: string): string {
  return `$(Pipeline.Workspace)/${asGlob(folder)}`;
}

function cacheSteps(model: PipelineModel): object[] {
  const files = model.manifestFiles.map((file) => inModule(model, asGlob(file)));
  return model.caches.map(({ name, variable }) => ({
    task: "Cache@2",
    displayName: `Cache ${name}`,
    inputs: {
      key: [`"${name}"`, '"$(Agent.OS)"', ...files].join(" | "),
      restoreKeys: `"${name}" | "$(Agent.OS)"`,
      path: `$(${variable})`,
    },
  }));
}

function languageSteps({ runtime }: PipelineModel): object[] {
  const version = parameter("runtimeVersion");
  switch (runtime.name) {
    case "node":
      return [{ task: "UseNode@1", displayName: "Set up Node.js", inputs: { version } }];
    case "python":
      return [{ task: "UsePythonVersion@0", displayName: "Set up Python", inputs: { versionSpec: version } }];
    case "go":
      return [{ task: "GoTool@0", displayName: "Set up Go", inputs: { version } }];
    case "java":
      return [
        {
          task: "JavaToolInstaller@0",
          displayName: "Set up Java",
          inputs: { versionSpec: version, jdkArchitectureOption: "x64", jdkSourceOption: "PreInstalled" },
        },
      ];
    case "dotnet":
      return [
        {
          task: "UseDotNet@2",
          displayName: "Set up .NET",
          inputs: { packageType: "sdk", version: `${version}.x` },
        },
      ];
    case "container":
      return [];
  }
}

/** A module that is only a Dockerfile is built by building its image. */
function imageCheck({ moduleId }: PipelineModel): object {
  return {
    script: `docker build --pull --tag ${moduleId} .`,
    displayName: "Build the image",
    workingDirectory: parameter("workingDirectory"),
  };
}
