/** Steps and parameters that several templates have. */
import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { runtimeVersion } from "../plain-text.ts";
import type { ShellStep } from "../shell-steps.ts";

/** No token stays in the folder: what runs afterwards is the module's own code and that of its dependencies. */
export function checkout(): object {
  return { checkout: "self", fetchDepth: 1, persistCredentials: false };
}

export function parameter(name: string): string {
  return "$".concat(`{{ parameters.${name} }}`);
}

export interface TemplateParameter {
  name: string;
  type: string;
  default?: string;
}

/** What building and testing are told by the pipeline. */
export function moduleParameters(model: PipelineModel): TemplateParameter[] {
  const version = { name: "runtimeVersion", type: "string", default: runtimeVersion(model) };
  return [...(model.runtime.name === "container" ? [] : [version]), directoryParameter(model)];
}

export function directoryParameter({ folder }: PipelineModel): TemplateParameter {
  const sources = "$(Build.SourcesDirectory)";
  return {
    name: "workingDirectory",
    type: "string",
    default: folder === "" ? sources : `${sources}/${folder}`,
  };
}

export function scriptStep(model: PipelineModel, step: ShellStep): object {
  return {
    script: step.line,
    displayName: step.title,
    workingDirectory: parameter("workingDirectory"),
    ...(Object.keys(step.variables).length === 0 ? {} : { env: step.variables }),
    timeoutInMinutes: step.timeoutMinutes,
    ...(step.isInstall ? { retryCountOnTaskFailure: model.retry.limit } : {}),
  };
}
