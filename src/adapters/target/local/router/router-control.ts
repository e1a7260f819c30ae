/**
 * How the supervisor speaks to the router, which is a process of its own: it outlives the supervisor, begins
 * with the last table on disk, and is brought back when it dies.
 */
import type { Protocol } from "../../../../domain/module/module-spec.ts";
import type { TrafficStats } from "../../../../domain/rollout/traffic.ts";

/** Everything that the router knows; each table replaces the one before as a whole. */
export interface RouterTable {
  /** Grows with every table. */
  version: number;
  routes: RouterRoute[];
}

export interface RouterRoute {
  /** `<namespace>/<moduleId>`. */
  place: string;
  /** Lower-case host names, without port, that lead here whatever the path. */
  hosts: string[];
  /** Prefixes on shared hosts: the longest that fits on whole segments wins; nothing is cut off. */
  paths: { host: string; path: string }[];
  /** Empty, or none of them up: 503 with `retry-after`. */
  backends: RouterBackend[];
}

/** One instance of a release. */
export interface RouterBackend {
  /** `<namespace>/<moduleId>/<releaseId>#<index>`. */
  id: string;
  /** What is counted together: `<namespace>/<moduleId>/<releaseId>`. */
  release: string;
  address: string;
  port: number;
  protocol: Protocol;
  /** Of its release's share; the router divides by the sum of those that are up. 0 stands by: only when none of the others can take it. */
  weight: number;
  /** False: known, and nothing is sent there now. */
  up: boolean;
}

/** Counts since the router began; differences of two are what happened between. */
export interface ReleaseTraffic {
  requests: number;
  errors: number;
  /** Requests by latency: one count a bucket, with the bounds of `latencyBoundsMs`, and one above the last. */
  latency: number[];
}

/** Upper bounds, growing by a fixed ratio from 0.25 ms to 60 s. */
export const latencyBoundsMs: readonly number[] = Array.from({ length: 64 }, (_, index) =>
  Number((0.25 * (60_000 / 0.25) ** (index / 63)).toFixed(3)),
);

export interface RouterControl {
  /** Where it listens: on the loopback, the same port for the life of the data directory. */
  readonly port: number;
  /** Resolves when every new request goes by this table. */
  apply(table: RouterTable): Promise<void>;
  /** Resolves when nothing is under way to these backends, or after the limit; what is left is broken off. */
  drain(backendIds: string[], limitMs: number): Promise<void>;
  /** By release. A router that began anew counts from nothing. */
  traffic(): Promise<Record<string, ReleaseTraffic>>;
  /** Lets it serve on without us. */
  letGo(): void;
  /** Ends it, connections included. */
  stop(): Promise<void>;
}

/** What happened between two readings; counts of a router that began anew in between are taken as they are. */
export function trafficSince(before: ReleaseTraffic | undefined, now: ReleaseTraffic): TrafficStats {
  const began = before === undefined || before.requests > now.requests;
  const latency = now.latency.map((count, index) => count - (began ? 0 : (before.latency[index] ?? 0)));
  return {
    requests: now.requests - (began ? 0 : before.requests),
    errors: now.errors - (began ? 0 : before.errors),
    p50Ms: quantile(latency, 0.5),
    p99Ms: quantile(latency, 0.99),
  };
}

/** The upper bound of the bucket in which the quantile falls; 0 where nothing was counted. */
function quantile(counts: readonly number[], share: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let rest = Math.ceil(total * share);
  if (rest === 0) return 0;
  const index = counts.findIndex((count) => {
    rest -= count;
    return rest <= 0;
  });
  return latencyBoundsMs[Math.min(index, latencyBoundsMs.length - 1)] ?? 0;
}
