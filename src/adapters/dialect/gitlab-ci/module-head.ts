import type { PipelineModel } from "../../../domain/pipeline/pipeline-model.ts";
import { deployFromCi } from "../platform-tools.ts";

/** What a reader of a module's GitLab file must know first. */
export function moduleHead({ environments, moduleId }: PipelineModel): string[] {
  if (environments.length === 0) return [`Builds, tests and scans ${moduleId}.`];
  const approved = environments.filter(({ requiresApproval }) => requiresApproval).map(({ name }) => name);
  return [
    `Builds, tests and scans ${moduleId}. The control plane deploys it, so nothing here does, unless the project has`,
    "these variables (Settings > CI/CD > Variables), the last three for each environment:",
    `  ${deployFromCi}   "true"`,
    "  KUBE_API_SERVER      address of the cluster's API server",
    "  KUBE_CA_FILE         its certificate authority, a variable of type File",
    "  KUBE_OIDC_AUDIENCE   what the cluster expects in tokens of this GitLab, which it has to trust as an OIDC issuer",
    ...(approved.length === 0
      ? []
      : [
          "",
          `A person starts the job of ${approved.join(", ")}; who may is said under Settings > CI/CD > Protected environments.`,
        ]),
  ];
}
