/**
 * Releases on this host, behind a local router. The work is done by a detached supervisor that outlives this
 * process: services serve on while the control plane stops, crashes or is upgraded.
 */
import { existsSync } from "node:fs";
import type { TargetName } from "../../../domain/tenant/tenant.ts";
import type { NamespaceLimits } from "../../../ports/namespace-limits.ts";
import type { ArtifactStore } from "../../../ports/pipeline-runner.ts";
import type {
  CommandResult,
  Enforcement,
  LiveRelease,
  RunningRelease,
  Target,
} from "../../../ports/target.ts";
import { connectSupervisor } from "./connect-supervisor.ts";
import { layoutOf } from "./layout.ts";
import type { ObservedOnHost } from "./supervisor/acts/observe.ts";

export interface LocalTargetsOptions {
  /** Data directory of the supervisor; one supervisor each. */
  directory: string;
  artifacts: Pick<ArtifactStore, "open" | "digestNow">;
  /** Absent: the first free port from 7300, and the same one ever after; 0: any. */
  routerPort?: number;
}

/** Targets that differ in what they run instances as; behind them are one supervisor and one router. */
export type LocalTargets = Record<TargetName, Target> &
  NamespaceLimits & {
    /** Lets go of the supervisor; supervisor and services run on. */
    close(): Promise<void>;
  };

export function createLocalTargets({ directory, artifacts, routerPort }: LocalTargetsOptions): LocalTargets {
  const layout = layoutOf(directory);
  const { call, logs, close } = connectSupervisor(layout, routerPort);

  const targetOf = (runtime: TargetName): Target => ({
    name: runtime,
    async start(spec, watch, replicas) {
      watch.signal.throwIfAborted();
      const folder = await artifacts.open(spec.artifact);
      return (await call("/start", { runtime, spec, directory: folder, replicas }, watch)) as RunningRelease;
    },
    async requireRoom({ environment: _, ...spec }) {
      const folder = await artifacts.open(spec.artifact);
      await call("/require-room", { runtime, spec, directory: folder });
    },
    async scale(named, replicas, watch) {
      return (await call("/scale", { ...named, replicas }, watch)) as RunningRelease;
    },
    async route(place, shares) {
      return (await call("/route", { ...place, shares })) as RunningRelease[];
    },
    async retire(named) {
      await call("/retire", named);
    },
    async list(place) {
      return (await call("/list", place)) as RunningRelease[];
    },
    async verify(named, window, signal) {
      return (await call("/verify", { ...named, ...window }, { signal })) as RunningRelease;
    },
    async run(spec, command, watch) {
      watch.signal.throwIfAborted();
      const folder = await artifacts.open(spec.artifact);
      return (await call("/run", { runtime, spec, directory: folder, ...command }, watch)) as CommandResult;
    },
    logs(place, options, signal) {
      return logs({ ...place, ...options }, signal);
    },
    async keepLogs(namespace, limits) {
      await call("/keep-logs", { namespace, limits });
    },
    async survey() {
      // Looking shall not begin what nobody has asked for.
      if (!existsSync(layout.state)) return [];
      return (await call("/survey", { runtime })) as LiveRelease[];
    },
    async observe(place) {
      const found = (await call("/observe", place)) as ObservedOnHost[];
      return await Promise.all(
        found.map(async ({ digest, ...observed }) => {
          const artifact = await artifacts.digestNow(digest);
          return { ...observed, ...(artifact !== undefined && { artifact }) };
        }),
      );
    },
    async dismantle(place) {
      await call("/dismantle", place);
    },
  });

  return {
    process: targetOf("process"),
    container: targetOf("container"),
    systemd: targetOf("systemd"),
    async limitNamespace(namespace, limits) {
      return (await call("/limit-namespace", { namespace, limits })) as Enforcement[];
    },
    close,
  };
}
