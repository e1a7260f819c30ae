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
