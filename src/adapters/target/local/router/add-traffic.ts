import type { ReleaseTraffic } from "./router-control.ts";

/** Counts of two routers together. */
export function addTraffic(
  one: Record<string, ReleaseTraffic>,
  other: Record<string, ReleaseTraffic>,
): Record<string, ReleaseTraffic> {
  const sum = { ...one };
  for (const [release, counts] of Object.entries(other)) {
    const before = sum[release];
    sum[release] = before === undefined ? counts : addCounts(before, counts);
  }
  return sum;
}

function addCounts(one: ReleaseTraffic, other: ReleaseTraffic): ReleaseTraffic {
  return {
    requests: one.requests + other.requests,
    errors: one.errors + other.errors,
    latency: one.latency.map((count, index) => count + (other.latency[index] ?? 0)),
  };
}
