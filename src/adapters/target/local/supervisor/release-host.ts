/** What a release's instances are launched with and probed by, from the supervisor that they belong to. */
import { join } from "node:path";
import type { LogLimits } from "../../../../domain/environment/log-limits.ts";
import type { TargetName } from "../../../../domain/tenant/tenant.ts";
import type { Layout } from "../layout.ts";
import { markerVariable } from "../runtimes/process/process-identity.ts";
import type { InstanceRuntime, Launch } from "../runtimes/runtime.ts";
import { withSecretFiles } from "../runtimes/secret-files.ts";
import type { Clock } from "./clock.ts";
import type { Environment, EnvironmentStore } from "./environment-store.ts";
import { InstanceHealth } from "./instance-health.ts";
import type { ChoosePort } from "./ports.ts";
import type { ReleaseHost } from "./release.ts";
import { placeKey, type Routing } from "./routing.ts";
import type { InstanceRecord, ReleaseRecord } from "./state.ts";

/** What of the supervisor it needs. */
export interface Surroundings {
  layout: Layout;
  environments: EnvironmentStore;
  clock: Clock;
  routing: Routing;
  runtime(name: TargetName): InstanceRuntime;
  choosePort: ChoosePort;
  /** By namespace. */
  logs: Readonly<Record<string, LogLimits>>;
  persistLater(): Promise<void>;
}

export function createReleaseHost(supervisor: Surroundings, record: ReleaseRecord): ReleaseHost {
  const { clock, routing } = supervisor;
  const { spec } = record;
  return {
    persistLater: () => supervisor.persistLater(),
    hasTraffic: (release) => routing.share(release) !== undefined,
    upChanged: () => void routing.apply().catch(() => {}),
    runtime: supervisor.runtime(record.runtime),
    clock,
    choosePort: (instance) => supervisor.choosePort(record, instance),
    launchOf: async (instance, purpose) => {
      const read = supervisor.environments.read(spec);
      // What runs is watched on, also where what it was given cannot be opened any more.
      const environment = await (purpose === "adopt" ? read.catch(() => ({})) : read);
      const logs = supervisor.logs[spec.namespace];
      const launch = launchOf(supervisor.layout, record, { instance, environment });
      return { ...launch, ...(logs !== undefined && { logs }) };
    },
    healthOf: (instance, launch, listener) =>
      new InstanceHealth(
        {
          record: instance,
          probes: spec.probes,
          portVariable: spec.portVariable,
          startupTimeoutMs: spec.startupTimeoutMs,
          runtime: supervisor.runtime(record.runtime),
          launch,
          clock,
        },
        listener,
      ),
  };
}

export function launchOf(
  layout: Layout,
  record: ReleaseRecord,
  { instance, environment }: { instance: InstanceRecord; environment: Environment },
): Launch {
  const { spec, directory } = record;
  const { namespace, moduleId, releaseId } = spec;
  const marker = `${layout.directory}|${placeKey(spec)}/${releaseId}#${instance.index}`;
  const port = instance.port ?? 0;
  const folder = join(layout.release(namespace, moduleId, releaseId), instance.folder);
  const given = withSecretFiles(environment, spec.secretFiles, folder);
  return {
    marker,
    namespace,
    moduleId,
    directory,
    command: spec.start,
    ...(given.secretFiles !== undefined && { secretFiles: given.secretFiles }),
    environment: {
      ...given.environment,
      [markerVariable]: marker,
      [spec.portVariable]: String(spec.containerPort ?? port),
    },
    port,
    limits: spec.limits ?? {},
    folder,
    ...(spec.containerPort !== undefined && { containerPort: spec.containerPort }),
    ...(spec.image !== undefined && { image: spec.image }),
    ...(spec.engine !== undefined && { engine: spec.engine }),
    ...(spec.registry !== undefined && { registry: spec.registry }),
    ...(spec.imageDigest !== undefined && { imageDigest: spec.imageDigest }),
    ...(spec.imageSignature !== undefined && { imageSignature: spec.imageSignature }),
  };
}
