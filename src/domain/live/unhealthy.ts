/** Since when live releases are unhealthy, from one look to the next; in milliseconds of a clock that never jumps. */

export interface Sighting {
  /** Names the release on this host. */
  key: string;
  /** What is wrong with it, in one sentence; absent: nothing. */
  trouble?: string;
}

export interface Unhealthy {
  key: string;
  sinceMs: number;
  trouble: string;
}

/** A release that is well again, or not there any more, begins anew. */
export function nextUnhealthy(
  before: ReadonlyMap<string, Unhealthy>,
  sightings: readonly Sighting[],
  nowMs: number,
): Map<string, Unhealthy> {
  const next = new Map<string, Unhealthy>();
  for (const { key, trouble } of sightings)
    if (trouble !== undefined) next.set(key, { key, trouble, sinceMs: before.get(key)?.sinceMs ?? nowMs });
  return next;
}
