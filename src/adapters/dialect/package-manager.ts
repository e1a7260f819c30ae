/** How a package manager comes onto a machine that has only the language. */

import { packageManagerVersions } from "../../domain/pipeline/pins/tools.ts";
import type { PipelineModel } from "../../domain/pipeline/pipeline-model.ts";
import { shellLine } from "../../domain/pipeline/shell-line.ts";

/** Undefined where the language brings it along, as npm, pip, go and dotnet are, or the runner, as Maven and Gradle are. */
export function packageManagerLine(model: PipelineModel): string | undefined {
  const { packageManager } = model;
  const version = packageManagerVersion(model);
  switch (packageManager) {
    case "pnpm":
    case "yarn":
      return version === undefined
        ? shellLine(["corepack", "enable", packageManager])
        : `corepack enable && ${shellLine(["corepack", "prepare", `${packageManager}@${version}`, "--activate"])}`;
    case "poetry":
    case "uv":
      return shellLine(["python", "-m", "pip", "install", "--quiet", `${packageManager}==${version}`]);
    default:
      return undefined;
  }
}

/** The module's own, else the reviewed one; undefined where the package manager says it in the module's files. */
export function packageManagerVersion(model: PipelineModel): string | undefined {
  return model.packageManagerVersion ?? packageManagerVersions[model.packageManager];
}
