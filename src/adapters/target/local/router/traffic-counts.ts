import { latencyBoundsMs, type ReleaseTraffic } from "./router-control.ts";

/** Counts that are still read after their release has left the table. */
const mostReleases = 1_000;
const growth =
  Math.log((latencyBoundsMs.at(-1) ?? 1) / (latencyBoundsMs[0] ?? 1)) / (latencyBoundsMs.length - 1);

/** Requests, errors and latencies by release, since this process began. */
export class TrafficCounts {
  private readonly releases = new Map<string, ReleaseTraffic>();

  count(release: string, error: boolean, latencyMs: number): void {
    const counts = this.of(release);
    counts.requests += 1;
    if (error) counts.errors += 1;
    const bucket = bucketOf(latencyMs);
    counts.latency[bucket] = (counts.latency[bucket] ?? 0) + 1;
  }

  /** A request that no instance was up for. */
  failed(release: string | undefined): void {
    if (release !== undefined) this.count(release, true, 0);
  }

  all(): Record<string, ReleaseTraffic> {
    return Object.fromEntries(this.releases);
  }

  private of(release: string): ReleaseTraffic {
    const known = this.releases.get(release);
    if (known !== undefined) return known;
    const [oldest] = this.releases.keys();
    if (this.releases.size >= mostReleases && oldest !== undefined) this.releases.delete(oldest);
    const counts = {
      requests: 0,
      errors: 0,
      latency: Array.from({ length: latencyBoundsMs.length + 1 }, () => 0),
    };
    this.releases.set(release, counts);
    return counts;
  }
}

/** The first bucket whose bound is not exceeded; the one above the last where all are. */
export function bucketOf(latencyMs: number): number {
  const [first = 0] = latencyBoundsMs;
  if (latencyMs <= first) return 0;
  // The bounds are rounded, so the neighbours are looked at as well.
  let bucket = Math.max(0, Math.ceil(Math.log(latencyMs / first) / growth) - 1);
  while (bucket < latencyBoundsMs.length && latencyMs > (latencyBoundsMs[bucket] ?? 0)) bucket += 1;
  return bucket;
}
