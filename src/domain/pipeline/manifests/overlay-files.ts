/** What differs by environment: how many run, from which vault secrets come, what configuration holds. */
import {
  inModule,
  type PipelineEnvironment,
  type PipelineModel,
  type RenderedFile,
} from "../pipeline-model.ts";
import { secretKey, secretVault } from "../settings/secret-key.ts";
import { yamlFile } from "../yaml-file.ts";
import { selectorLabels } from "./labels.ts";
import { replicasOf, secretName, type Workload } from "./workload.ts";

export function overlayFiles(
  model: PipelineModel,
  workload: Workload,
  environment: PipelineEnvironment,
): RenderedFile[] {
  const folder = `k8s/overlays/${environment.name}`;
  const file = (name: string, value: object, head: string[] = []) =>
    yamlFile(model, inModule(model, `${folder}/${name}`), value, { head });
  const objects = {
    ...(environment.requiresApproval ? { "poddisruptionbudget.yaml": disruptionBudget(workload) } : {}),
    ...(workload.secrets.length === 0
      ? {}
      : { "externalsecret.yaml": externalSecret(model, workload, environment.name) }),
  };
  const kustomization = file(
    "kustomization.yaml",
    {
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      resources: ["../../base", ...Object.keys(objects)],
      replicas: [{ name: workload.name, count: replicasOf(environment) }],
    },
    [`kubectl apply --namespace <namespace> --kustomize ${folder}`],
  );
  return [
    { ...kustomization, content: `${kustomization.content}${configuration(workload)}` },
    ...Object.entries(objects).map(([name, value]) => file(name, value)),
  ];
}

/** The map's name ends in a hash of what it holds, so that a change of configuration rolls the pods. */
function configuration({ name, config }: Workload): string {
  if (config.length === 0) return "";
  const lines = [
    "",
    "configMapGenerator:",
    `  - name: ${name}`,
    "    literals:",
    "      # connectsoft:keep config",
    ...config.map((key) => `      - ${key}=`),
    "      # connectsoft:end config",
  ];
  return `${lines.join("\n")}\n`;
}

function disruptionBudget({ name }: Workload): object {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, labels: selectorLabels(name) },
    spec: {
      maxUnavailable: 1,
      // A pod that is not ready must not keep a node from being emptied.
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: selectorLabels(name) },
    },
  };
}

function externalSecret(model: PipelineModel, workload: Workload, environment: string): object {
  const { tenantId, moduleId } = model;
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name: secretName(workload), labels: selectorLabels(workload.name) },
    spec: {
      refreshInterval: "1h",
      secretStoreRef: { name: secretVault(tenantId, environment), kind: "SecretStore" },
      target: { name: secretName(workload), creationPolicy: "Owner" },
      data: workload.secrets.map((name) => ({
        secretKey: name,
        remoteRef: { key: secretKey(tenantId, environment, moduleId, name) },
      })),
    },
  };
}
