/**
 * What a module is to a cluster, in one place: the Helm chart and the plain manifests are both written from it and
 * cannot disagree. Names are Kubernetes' own.
 */
import type { ModuleSpec } from "../../module/module-spec.ts";
import { dataFolder, environmentOf, portOf, userOf } from "../container/image-facts.ts";
import type { GenerationSubject } from "../generator.ts";
import { type ProbeSet, probesOf } from "./probes.ts";

export interface Resources {
  requests: { cpu: string; memory: string };
  limits: { cpu: string; memory: string };
}

export interface Workload {
  name: string;
  /** Where the image is pushed, without a registry: `vetclinic-001/booking-service`. */
  repository: string;
  port: number;
  servicePort: number;
  /** Set by value: where to listen, where to keep things. What never changes is in the image already. */
  variables: Record<string, string>;
  config: string[];
  secrets: string[];
  probes: ProbeSet;
  resources: Resources;
  /** Undefined where the image is the module's own and says it itself. */
  user?: number;
  /** TCP ports that may be called outside of the namespace. */
  egressPorts: number[];
  gracePeriodSeconds: number;
  /** Seconds between leaving the service's endpoints and the signal to end. */
  drainSeconds: number;
}

const resourcesOf: Record<ModuleSpec["runtime"], Resources> = {
  go: sized("50m", "500m", "64Mi", "128Mi"),
  node: sized("100m", "1", "128Mi", "256Mi"),
  python: sized("100m", "1", "128Mi", "256Mi"),
  dotnet: sized("100m", "1", "192Mi", "384Mi"),
  java: sized("250m", "1", "384Mi", "768Mi"),
  container: sized("100m", "1", "128Mi", "256Mi"),
};

const resourcePorts = { postgresql: [5432], redis: [6379, 6380], queue: [5671, 5672], storage: [443] };

export function workloadOf({ model, module }: GenerationSubject): Workload {
  const user = userOf(module);
  const own = environmentOf(module);
  const ports = (module.needs.resources ?? []).flatMap(({ kind }) => resourcePorts[kind]);
  return {
    name: model.moduleId,
    repository: `${model.tenantId}/${model.moduleId}`,
    port: portOf(module),
    servicePort: 80,
    variables: {
      [module.portVariable]: own[module.portVariable] ?? String(portOf(module)),
      DATA_DIR: dataFolder,
    },
    config: distinct(module.needs.config),
    secrets: distinct(module.needs.secrets),
    probes: probesOf(module.probes),
    resources: resourcesOf[module.runtime],
    ...(user === undefined ? {} : { user }),
    egressPorts: [...new Set([443, ...ports])].toSorted((a, b) => a - b),
    gracePeriodSeconds: 30,
    drainSeconds: 5,
  };
}

/** Two in an environment that people guard, so that one can go while the other serves. */
export function replicasOf({ requiresApproval }: { requiresApproval: boolean }): number {
  return requiresApproval ? 2 : 1;
}

export function secretName({ name }: Pick<Workload, "name">): string {
  return `${name}-secrets`;
}

function distinct(names: string[]): string[] {
  return [...new Set(names)].toSorted();
}

function sized(cpu: string, cpuLimit: string, memory: string, memoryLimit: string): Resources {
  return { requests: { cpu, memory }, limits: { cpu: cpuLimit, memory: memoryLimit } };
}
