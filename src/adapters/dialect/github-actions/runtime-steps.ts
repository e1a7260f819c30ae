/**
 * Puts the module's language on the runner. Package managers are a matter of the steps that install, and caching of those that
 * all languages share.
 */
import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { expression, uses } from "./workflow-steps.ts";

export function runtimeSteps({ runtime }: PipelineModel): object[] {
  const version = expression("inputs.runtime-version");
  switch (runtime.name) {
    case "node":
      return [
        {
          name: "Set up Node.js",
          uses: uses("actions/setup-node"),
          with: { "node-version": version, "package-manager-cache": false },
        },
      ];
    case "python":
      return [
        { name: "Set up Python", uses: uses("actions/setup-python"), with: { "python-version": version } },
      ];
    case "go":
      return [
        { name: "Set up Go", uses: uses("actions/setup-go"), with: { "go-version": version, cache: false } },
      ];
    case "java":
      return [
        {
          name: "Set up Java",
          uses: uses("actions/setup-java"),
          with: { distribution: "temurin", "java-version": version },
        },
      ];
    case "dotnet":
      return [
        { name: "Set up .NET", uses: uses("actions/setup-dotnet"), with: { "dotnet-version": version } },
      ];
    case "container":
      return [];
  }
}
