/** Whether a release is worse under traffic than its policy allows. */
import type { TrafficLimits, TrafficStats } from "./traffic.ts";

/** Why the release is worse than its policy allows, in one sentence; undefined where it is not, or too little came. */
export function regressionIn(limits: TrafficLimits, stats: TrafficStats): string | undefined {
  if (stats.requests < limits.minRequests) return undefined;
  const rate = stats.errors / stats.requests;
  if (rate > limits.maxErrorRate)
    return `${percent(rate)} of ${stats.requests} requests failed, at most ${percent(limits.maxErrorRate)} may`;
  if (limits.maxP99Ms !== undefined && stats.p99Ms > limits.maxP99Ms)
    return `its p99 latency is ${Math.round(stats.p99Ms)} ms over ${stats.requests} requests, at most ${limits.maxP99Ms} ms is allowed`;
  return undefined;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
