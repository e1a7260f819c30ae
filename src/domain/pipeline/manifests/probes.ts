/** Probes as Kubernetes takes them: whole seconds, at least one where it does not take none, and one success at least. */
import type { Probe, Probes } from "../../module/module-spec.ts";

export type KubernetesProbe = (
  | { httpGet: { path: string; port: "http" } }
  | { tcpSocket: { port: "http" } }
  | { exec: { command: string[] } }
) & {
  initialDelaySeconds: number;
  periodSeconds: number;
  timeoutSeconds: number;
  successThreshold: number;
  failureThreshold: number;
  terminationGracePeriodSeconds?: number;
};

export interface ProbeSet {
  startupProbe: KubernetesProbe;
  readinessProbe: KubernetesProbe;
  livenessProbe: KubernetesProbe;
  /** `startupProbe.periodSeconds: 0.1 became 1`, for a comment beside them. */
  rounded: string[];
}

export function probesOf({ startup, readiness, liveness }: Probes): ProbeSet {
  return {
    startupProbe: { ...kubernetesProbe(startup), successThreshold: 1 },
    readinessProbe: kubernetesProbe(readiness),
    livenessProbe: { ...kubernetesProbe(liveness), successThreshold: 1 },
    rounded: [
      ...roundings("startupProbe", startup),
      ...roundings("readinessProbe", readiness),
      ...roundings("livenessProbe", liveness),
    ],
  };
}

function kubernetesProbe(probe: Probe): KubernetesProbe {
  return {
    ...handler(probe),
    initialDelaySeconds: Math.ceil(probe.initialDelaySeconds),
    periodSeconds: Math.ceil(probe.periodSeconds),
    timeoutSeconds: Math.ceil(probe.timeoutSeconds),
    successThreshold: probe.successThreshold,
    failureThreshold: probe.failureThreshold,
    ...(probe.terminationGracePeriodSeconds !== undefined && {
      terminationGracePeriodSeconds: probe.terminationGracePeriodSeconds,
    }),
  };
}

/** A probe that says nothing of how is a connection to the port. */
function handler({ httpGet, exec }: Probe) {
  if (httpGet !== undefined) return { httpGet: { path: httpGet.path, port: "http" as const } };
  if (exec !== undefined) return { exec: { command: exec.command } };
  return { tcpSocket: { port: "http" as const } };
}

function roundings(name: string, probe: Probe): string[] {
  const fields = ["initialDelaySeconds", "periodSeconds", "timeoutSeconds"] as const;
  return fields
    .filter((field) => !Number.isInteger(probe[field]))
    .map((field) => `${name}.${field}: ${probe[field]} became ${Math.ceil(probe[field])}`);
}
