/** Looks after what runs on this host: its health often, whether it is what was approved now and then, and what nobody needs seldom. */
import { lookForDrift } from "../operations/drift/drift-watch.ts";
import { collectArtifacts } from "../operations/live/collect-artifacts.ts";
import { collectSecretCopies } from "../operations/live/collect-secret-copies.ts";
import { createLogLimitsFollower } from "../operations/live/follow-log-limits.ts";
import { createLiveWatch } from "../operations/live/live-watch.ts";
import type { System } from "../operations/system.ts";
import { lookForVulnerabilities } from "../operations/vulnerabilities/vulnerability-watch.ts";
import { forgetCompiledCode } from "./forget-compiled-code.ts";
import { type Repeated, repeat } from "./repeat.ts";

export interface WatchIntervals {
  healthMs: number;
  driftMs: number;
  collectMs: number;
  vulnerabilityMs: number;
}

/** CONNECTSOFT_WATCH_INTERVAL_MS, and of the others DRIFT, COLLECT and VULNERABILITY in place of WATCH. */
export function watchIntervals(env: NodeJS.ProcessEnv): WatchIntervals {
  const read = (name: string, usual: number) => (Number(env[name]) > 0 ? Number(env[name]) : usual);
  return {
    healthMs: read("CONNECTSOFT_WATCH_INTERVAL_MS", 5_000),
    driftMs: read("CONNECTSOFT_DRIFT_INTERVAL_MS", 60_000),
    collectMs: read("CONNECTSOFT_COLLECT_INTERVAL_MS", 3_600_000),
    vulnerabilityMs: read("CONNECTSOFT_VULNERABILITY_INTERVAL_MS", 600_000),
  };
}

export function watchLiveInTurn(
  system: System,
  { compiledCode, ...intervals }: WatchIntervals & { compiledCode: string | undefined },
  log: { info(line: string): void; trouble(message: string, error: unknown): void },
): Repeated {
  const watch = createLiveWatch(system, () => performance.now());
  const { trouble } = log;
  const health = repeat({
    everyMs: intervals.healthMs,
    task: () => watch.look(),
    said: "live releases could not be looked at",
    trouble,
  });
  const logLimits = createLogLimitsFollower(system);
  const logs = repeat({
    everyMs: intervals.driftMs,
    task: () => logLimits.look(),
    said: "how much of the services' logs is kept could not be told to this host",
    trouble,
  });
  const drift = repeat({
    everyMs: intervals.driftMs,
    task: (signal) => lookForDrift(system, signal),
    said: "what runs could not be compared with what was approved",
    trouble,
  });
  const vulnerabilities = repeat({
    everyMs: intervals.vulnerabilityMs,
    task: (signal) => lookForVulnerabilities(system, signal),
    said: "live releases could not be compared with what is known of vulnerabilities",
    trouble,
  });
  const collection = repeat({
    everyMs: intervals.collectMs,
    async task() {
      const { removed, kept } = await collectArtifacts(system);
      if (removed.length > 0) log.info(`removed ${removed.length} release directories, kept ${kept}`);
      await collectSecretCopies(system);
      await forgetCompiledCode({ folder: compiledCode, now: system.clock.now().getTime() });
    },
    said: "release directories, copies of secrets and compiled code could not be cleaned up",
    trouble,
  });
  return {
    async stop() {
      const all = [health, logs, drift, vulnerabilities, collection];
      await Promise.all(all.map((one) => one.stop()));
    },
  };
}
