/** Plain Kubernetes manifests under `k8s/`: a kustomize base and an overlay for each environment. */
import type { Generator } from "../generator.ts";
import { inModule, type PipelineModel, type RenderedFile } from "../pipeline-model.ts";
import { yamlFile } from "../yaml-file.ts";
import { descriptiveLabels, selectorLabels, versionLabel } from "./labels.ts";
import { networkRules } from "./network-rules.ts";
import { overlayFiles } from "./overlay-files.ts";
import { podSpec } from "./pod-spec.ts";
import { type Workload, workloadOf } from "./workload.ts";

export const manifestFiles: Generator = (subject) => {
  const { model } = subject;
  const workload = workloadOf(subject);
  return {
    name: "manifests",
    files: [
      ...baseFiles(model, workload),
      ...model.environments.flatMap((environment) => overlayFiles(model, workload, environment)),
    ],
  };
};

function baseFiles(model: PipelineModel, workload: Workload): RenderedFile[] {
  const objects = {
    "deployment.yaml": deployment(workload),
    "networkpolicy.yaml": networkPolicy(workload),
    "service.yaml": service(workload),
    "serviceaccount.yaml": serviceAccount(workload),
  };
  const file = (name: string, value: object, head: string[] = []) =>
    yamlFile(model, inModule(model, `k8s/base/${name}`), value, { head });
  const { rounded } = workload.probes;
  const notes =
    rounded.length === 0
      ? []
      : ["Kubernetes counts in whole seconds:", ...rounded.map((line) => `  ${line}`)];
  return [
    file("kustomization.yaml", {
      apiVersion: "kustomize.config.k8s.io/v1beta1",
      kind: "Kustomization",
      resources: Object.keys(objects),
      labels: [{ pairs: descriptiveLabels(model), includeSelectors: false, includeTemplates: true }],
      images: [{ name: workload.name, newName: workload.repository, newTag: versionLabel(model.version) }],
    }),
    ...Object.entries(objects).map(([name, value]) =>
      file(name, value, name === "deployment.yaml" ? notes : []),
    ),
  ];
}

function deployment(workload: Workload): object {
  const labels = selectorLabels(workload.name);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: workload.name, labels },
    spec: {
      replicas: 1,
      revisionHistoryLimit: 5,
      selector: { matchLabels: labels },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: { metadata: { labels }, spec: podSpec(workload) },
    },
  };
}

function service({ name, servicePort }: Workload): object {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, labels: selectorLabels(name) },
    spec: {
      type: "ClusterIP",
      selector: selectorLabels(name),
      ports: [{ name: "http", port: servicePort, targetPort: "http", protocol: "TCP" }],
    },
  };
}

function serviceAccount({ name }: Workload): object {
  return {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name, labels: selectorLabels(name) },
    automountServiceAccountToken: false,
  };
}

function networkPolicy(workload: Workload): object {
  const { name } = workload;
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name, labels: selectorLabels(name) },
    spec: networkRules(workload),
  };
}
