/** What a router measured of a release, and what a policy asks of it while the release is watched under traffic. */
import { z } from "zod";

/** Counted and timed at the router, from a request's arrival to the end of its answer. */
export interface TrafficStats {
  requests: number;
  /** Answers 500 to 599, and requests whose answer never came or broke off. */
  errors: number;
  p50Ms: number;
  p99Ms: number;
}

export const trafficLimitsSchema = z
  .object({
    /** Share of requests that may fail, 0 to 1. */
    maxErrorRate: z.number().min(0).max(1).default(0.05),
    /** Absent: the latency is shown and does not decide. */
    maxP99Ms: z.number().positive().optional(),
    /** Fewer requests than these say nothing. */
    minRequests: z.int().min(1).default(20),
  })
  .strict();
export type TrafficLimits = z.infer<typeof trafficLimitsSchema>;

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
