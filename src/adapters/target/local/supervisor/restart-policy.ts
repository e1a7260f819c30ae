/**
 * When an instance that ended is started again, and when its restarts are a crash loop: the wait doubles with
 * every restart up to a ceiling, for ever, and begins anew once an instance has run well for a while.
 */
const firstBackoffMs = 200;
const longestBackoffMs = 30_000;
const calmMs = 60_000;
const loopRestarts = 3;

/** Restarts in a row, now that it ended after it had been ready for so long. */
export function restartsAfter(restartsInARow: number, readyForMs: number): number {
  return readyForMs >= calmMs ? 0 : restartsInARow;
}

export function backoffMs(restartsInARow: number): number {
  return Math.min(longestBackoffMs, firstBackoffMs * 2 ** restartsInARow);
}

/** In words, where it was restarted three times or more and did not run well since. */
export function crashLoop(restartsInARow: number, readyForMs: number): string | undefined {
  const restarts = restartsAfter(restartsInARow, readyForMs);
  if (restarts < loopRestarts) return undefined;
  return `crash loop: restarted ${restarts} times, and it never ran for ${calmMs / 1000} s`;
}
