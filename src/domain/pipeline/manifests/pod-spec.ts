/** The pod of a module: without root, without a writable root file system, without a token, and drained before it ends. */
import { dataFolder } from "../container/image-facts.ts";
import { selectorLabels } from "./labels.ts";
import { secretName, type Workload } from "./workload.ts";

export function podSpec(workload: Workload): object {
  const { name } = workload;
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: workload.gracePeriodSeconds,
    securityContext: podSecurityContext(workload),
    topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map(
      (topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: selectorLabels(name) },
      }),
    ),
    containers: [container(workload)],
    volumes: [
      { name: "tmp", emptyDir: { sizeLimit: temporarySize } },
      { name: "data", emptyDir: {} },
    ],
  };
}

export const temporarySize = "128Mi";

export function podSecurityContext({ user }: Workload): object {
  const numbers = user === undefined ? {} : { runAsUser: user, runAsGroup: user, fsGroup: user };
  return { runAsNonRoot: true, ...numbers, seccompProfile: { type: "RuntimeDefault" } };
}

export const containerSecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

function container(workload: Workload): object {
  const { name, port, config, probes } = workload;
  return {
    name,
    image: name,
    imagePullPolicy: "IfNotPresent",
    ports: [{ name: "http", containerPort: port, protocol: "TCP" }],
    env: [...variables(workload), ...secretVariables(workload)],
    ...(config.length === 0 ? {} : { envFrom: [{ configMapRef: { name } }] }),
    startupProbe: probes.startupProbe,
    readinessProbe: probes.readinessProbe,
    livenessProbe: probes.livenessProbe,
    // The endpoints learn late that a pod is going: it serves on until they have.
    lifecycle: { preStop: { sleep: { seconds: workload.drainSeconds } } },
    resources: workload.resources,
    securityContext: containerSecurityContext,
    volumeMounts: [
      { name: "tmp", mountPath: "/tmp" },
      { name: "data", mountPath: dataFolder },
    ],
  };
}

function variables(workload: Workload): object[] {
  return Object.entries(workload.variables).map(([name, value]) => ({ name, value }));
}

function secretVariables(workload: Workload): object[] {
  return workload.secrets.map((key) => ({
    name: key,
    valueFrom: { secretKeyRef: { name: secretName(workload), key } },
  }));
}
