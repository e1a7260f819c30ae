/** values.yaml: what environments may change, with what holds everywhere. Probes carry Kubernetes' own names. */
import { containerSecurityContext, podSecurityContext, temporarySize } from "../manifests/pod-spec.ts";
import type { Workload } from "../manifests/workload.ts";
import type { PipelineModel } from "../pipeline-model.ts";
import { commented, keptEntries } from "../yaml-file.ts";

export function chartValues(model: PipelineModel, workload: Workload): object {
  const { probes } = workload;
  const rounded = probes.rounded.map((line) => `\n  ${line}`).join("");
  const portVariable = Object.keys(workload.variables)[0];
  return {
    image: {
      registry: commented("Of the platform: `registry.example.com`. Empty: the cluster's default.", ""),
      repository: workload.repository,
      tag: commented("Empty: the chart's appVersion.", ""),
      digest: commented(
        "`sha256:...`, stronger than any tag. A delivery sets it to the bytes that were approved.",
        "",
      ),
      pullPolicy: "IfNotPresent",
    },
    replicaCount: commented("Two in environments that people guard; none of it counts with autoscaling.", 1),
    containerPort: commented("The port is told to the process by this variable.", workload.port),
    portVariable,
    config: commented(
      "Environment variables that are no secrets. An empty one is refused when the chart is rendered.",
      Object.fromEntries(workload.config.map((name) => [name, ""])),
    ),
    secrets: commented("Environment variables from a Secret; values never stand here.", {
      store: commented(
        "The SecretStore of the tenant's vault. Named: an ExternalSecret fetches from there what `keys` names.",
        { name: "", kind: "SecretStore" },
      ),
      refreshInterval: "1h",
      existingSecret: commented("A Secret of another name than <release>-secrets.", ""),
      csi: commented(
        "Files by the Secrets Store CSI driver, instead: <NAME>_FILE says where. Provider `azure` or `vault`, its parameters, and of `vault` the path.",
        { provider: "", parameters: {}, path: "" },
      ),
      keys: commented(
        "Variable: its name in the vault.",
        Object.fromEntries(workload.secrets.map((name) => [name, name])),
      ),
    }),
    startupProbe: commented(
      rounded === "" ? "Served by the port named http." : `Kubernetes counts in whole seconds:${rounded}`,
      probes.startupProbe,
    ),
    readinessProbe: probes.readinessProbe,
    livenessProbe: probes.livenessProbe,
    resources: workload.resources,
    terminationGracePeriodSeconds: commented(
      "From the signal to end until it is killed.",
      workload.gracePeriodSeconds,
    ),
    drainSeconds: commented(
      "Served on for so long after leaving the endpoints; part of the grace period.",
      workload.drainSeconds,
    ),
    temporarySize: commented("Of /tmp; beside it only DATA_DIR can be written.", temporarySize),
    persistence: {
      existingClaim: commented("The claim behind DATA_DIR; empty: what is there ends with the pod.", ""),
    },
    podSecurityContext: podSecurityContext(workload),
    securityContext: containerSecurityContext,
    serviceAccount: {
      create: true,
      name: commented("Empty: the release's name.", ""),
      annotations: commented("Such as the cloud identity that the module runs as.", {}),
    },
    service: { type: "ClusterIP", port: workload.servicePort },
    ingress: {
      enabled: false,
      className: "",
      annotations: {},
      host: "",
      path: "/",
      tlsSecret: commented("The Secret of the certificate; empty: no TLS here.", ""),
    },
    httpRoute: commented("Gateway API, instead of an ingress.", {
      enabled: false,
      parentRefs: [],
      hostnames: [],
      path: "/",
    }),
    networkPolicy: {
      enabled: true,
      ingressFrom: commented(
        "Who may call beside the namespace itself, such as the ingress controller's namespace.",
        [],
      ),
      egressPorts: commented(
        "Ports of the world that may be called; the machine's metadata service never.",
        workload.egressPorts,
      ),
      extraEgress: [],
    },
    podDisruptionBudget: { enabled: false, maxUnavailable: 1 },
    autoscaling: { enabled: false, minReplicas: 2, maxReplicas: 6, targetCPUUtilizationPercentage: 75 },
    partOf: commented("For the label app.kubernetes.io/part-of.", model.tenantId),
    ...keptEntries("values"),
  };
}

/** Values of the chart that have no default: people add them in the marked place. */
export const openValues = {
  affinity: "object",
  commonLabels: "object",
  extraEnv: "array",
  fullnameOverride: "string",
  imagePullSecrets: "array",
  nodeSelector: "object",
  podAnnotations: "object",
  podLabels: "object",
  tolerations: "array",
} as const;
