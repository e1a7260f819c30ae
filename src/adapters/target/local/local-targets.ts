/**
 * Releases as processes of this host, behind a local router. The work is done by a detached supervisor
 * that outlives this process: services serve on while the control plane stops, crashes or is upgraded.
 */
import { existsSync } from "node:fs";
import { refuse } from "../../../domain/refusal.ts";
import type { TargetName } from "../../../domain/tenant/tenant.ts";
import type { ArtifactStore } from "../../../ports/pipeline-runner.ts";
import type { RunningRelease, Target } from "../../../ports/target.ts";
import { layoutOf } from "./layout.ts";
import {
  type CallOptions,
  callSupervisor,
  ensureSupervisor,
  holdSupervisor,
  SupervisorGone,
} from "./supervisor-client.ts";

export interface LocalTargetsOptions {
  /** Data directory of the supervisor; one supervisor each. */
  directory: string;
  artifacts: ArtifactStore;
  /** Absent: the first free port from 7300, and the same one ever after; 0: any. */
  routerPort?: number;
}

const attempts = 3;

/** Targets that differ in what they run instances as; behind them are one supervisor and one router. */
export type LocalTargets = Record<TargetName, Target> & {
  /** Lets go of the supervisor; supervisor and services run on. */
  close(): Promise<void>;
};

export function createLocalTargets(options: LocalTargetsOptions): LocalTargets {
  const layout = layoutOf(options.directory);
  let letGo: (() => void) | undefined;
  let ensuring: Promise<void> | undefined;
  let closed = false;

  async function ensure(): Promise<void> {
    await ensureSupervisor(layout, options.routerPort);
    if (closed || letGo !== undefined) return;
    letGo = holdSupervisor(layout, () => {
      letGo = undefined;
      // Services without their router are of no use: bring it back now, not at the next call.
      if (!closed) ensureOnce().catch(() => {});
    });
  }

  function ensureOnce(): Promise<void> {
    ensuring ??= ensure().finally(() => {
      ensuring = undefined;
    });
    return ensuring;
  }

  /** Every call may be repeated, so a supervisor that dies in the middle of one costs a new attempt only. */
  async function call(path: string, body: unknown, callOptions: CallOptions = {}): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      await ensureOnce();
      try {
        return await callSupervisor(layout, path, body, callOptions);
      } catch (error) {
        if (!(error instanceof SupervisorGone) || attempt === attempts) throw error;
      }
    }
  }

  if (existsSync(layout.state)) ensureOnce().catch(() => {});

  const targetOf = (runtime: TargetName): Target => ({
    name: runtime,
    async start(spec, watch) {
      watch.signal.throwIfAborted();
      if (runtime !== "process") throw notYet(`run releases as ${runtime}`);
      const directory = await options.artifacts.open(spec.artifact);
      return (await call("/start", { spec, directory, runtime }, watch)) as RunningRelease;
    },
    async scale(named) {
      throw notYet(`scale ${named.releaseId}`);
    },
    async route({ namespace, moduleId }, shares) {
      const [share] = shares;
      if (share?.weight !== 100) throw notYet("share out traffic by weight");
      const { releaseId } = share;
      return [(await call("/switch", { namespace, moduleId, releaseId })) as RunningRelease];
    },
    async retire(named) {
      await call("/retire", named);
    },
    async list(place) {
      return (await call("/list", place)) as RunningRelease[];
    },
    async verify(named, { windowMs }, signal) {
      return (await call("/verify", { ...named, windowMs }, { signal })) as RunningRelease;
    },
    async run() {
      throw notYet("run a command");
    },
    logs() {
      throw notYet("read logs");
    },
    async observe() {
      throw notYet("observe");
    },
    async dismantle() {
      throw notYet("dismantle");
    },
  });
  return {
    process: targetOf("process"),
    container: targetOf("container"),
    systemd: targetOf("systemd"),
    async close() {
      closed = true;
      await ensuring?.catch(() => {});
      letGo?.();
    },
  };
}

function notYet(act: string): Error {
  return refuse("Unavailable", `this target cannot ${act} yet`);
}
