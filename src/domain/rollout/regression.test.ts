import { expect, test } from "vitest";
import { regressionIn } from "./regression.ts";
import { trafficLimitsSchema } from "./traffic.ts";

const limits = trafficLimitsSchema.parse({ maxErrorRate: 0.1, maxP99Ms: 200, minRequests: 10 });

test("too few requests say nothing, however they end", () => {
  expect(regressionIn(limits, { requests: 9, errors: 9, p50Ms: 1, p99Ms: 9_000 })).toBeUndefined();
});

test("a share of errors above the limit is a regression, and one at the limit is not", () => {
  expect(regressionIn(limits, { requests: 10, errors: 1, p50Ms: 1, p99Ms: 1 })).toBeUndefined();
  expect(regressionIn(limits, { requests: 10, errors: 2, p50Ms: 1, p99Ms: 1 })).toBe(
    "20 % of 10 requests failed, at most 10 % may",
  );
});

test("latency decides only where the policy names a limit", () => {
  const slow = { requests: 10, errors: 0, p50Ms: 100, p99Ms: 300 };
  expect(regressionIn(limits, slow)).toContain("p99 latency is 300 ms");
  expect(regressionIn(trafficLimitsSchema.parse({}), { ...slow, requests: 50 })).toBeUndefined();
});
