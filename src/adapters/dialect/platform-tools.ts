/** What the platforms scan and deploy with. Beside the model: the local runner has its own scan, the control plane deploys. */
import { inModule, type PipelineModel } from "../../domain/pipeline/pipeline-model.ts";

/** Set to `true` on a platform, it makes the platform deploy instead of the control plane. */
export const deployFromCi = "CONNECTSOFT_DEPLOY_FROM_CI";

/** Trivy's arguments: findings that can be mended and matter end the job. Paths are as Trivy sees them. */
export function trivyArguments(source: string, report: string): string[] {
  return [
    "fs --scanners vuln,secret --severity HIGH,CRITICAL",
    "--ignore-unfixed --exit-code 1",
    `--format sarif --output ${report}`,
    source,
  ];
}

/** One command over several lines. */
export function continued(words: string[]): string {
  return words.join(" \\\n  ");
}

/** Deploys `$IMAGE` (`name@sha256:...`) with the module's chart, or leaves what ran before. */
export function helmUpgrade(
  model: PipelineModel,
  /** The environment's name, or what stands for it in a shell. */
  environment: string,
  access: string[] = [],
): string {
  const chart = inModule(model, "helm");
  return continued([
    `helm upgrade --install ${model.moduleId} ${chart}`,
    `--namespace "${model.tenantId}-${environment}"`,
    `--values "${chart}/values-${environment}.yaml"`,
    `--set "image.repository=${shellVariable("IMAGE%@*")}"`,
    `--set "image.digest=${shellVariable("IMAGE#*@")}"`,
    ...access,
    "--atomic --timeout 10m",
  ]);
}

function shellVariable(name: string): string {
  return "$".concat(`{${name}}`);
}
