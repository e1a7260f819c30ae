/** values-<environment>.yaml: how many run there and from which vault secrets come; and by edition, on top of it. */
import { replicasOf, type Workload } from "../manifests/workload.ts";
import {
  inModule,
  type PipelineEnvironment,
  type PipelineModel,
  type RenderedFile,
} from "../pipeline-model.ts";
import { secretKey, secretVault } from "../settings/secret-key.ts";
import { keptEntries, yamlFile } from "../yaml-file.ts";

export function environmentValues(
  model: PipelineModel,
  workload: Workload,
  environment: PipelineEnvironment,
): RenderedFile {
  const { tenantId, moduleId } = model;
  const { name, requiresApproval } = environment;
  const keys = workload.secrets.map((secret) => [secret, secretKey(tenantId, name, moduleId, secret)]);
  const file = yamlFile(
    model,
    inModule(model, `helm/values-${name}.yaml`),
    {
      replicaCount: replicasOf(environment),
      podDisruptionBudget: { enabled: requiresApproval },
      ...(keys.length === 0
        ? {}
        : {
            secrets: {
              store: { name: secretVault(tenantId, name) },
              csi: { path: `secret/data/${tenantId}/${name}/${moduleId}` },
              keys: Object.fromEntries(keys),
            },
          }),
      ...keptEntries("values"),
    },
    { head: [`helm upgrade --install ${moduleId} helm --values helm/values-${name}.yaml`] },
  );
  return { ...file, content: `${file.content}${configuration(workload)}` };
}

/** Laid over the environment's values: what is bought stands beside where it runs. */
export function editionValues(
  model: PipelineModel,
  { name }: PipelineEnvironment,
  editionId: string,
): RenderedFile {
  const over = `helm/values-${name}.yaml`;
  const own = `helm/values-${name}-${editionId}.yaml`;
  return yamlFile(
    model,
    inModule(model, own),
    { commonLabels: { "delivery.connectsoft.com/edition": editionId }, ...keptEntries("values") },
    { head: [`helm upgrade --install ${model.moduleId} helm --values ${over} --values ${own}`] },
  );
}

function configuration({ config }: Workload): string {
  if (config.length === 0) return "";
  const lines = [
    "",
    "config:",
    "  # connectsoft:keep config",
    ...config.map((name) => `  ${name}: ""`),
    "  # connectsoft:end config",
  ];
  return `${lines.join("\n")}\n`;
}
