/** A clock that stands still until it is told: for tests and simulation. */
import type { Clock } from "../../src/ports/clock.ts";

export interface VirtualClock extends Clock {
  /** Moves time on and runs what came due, in order. */
  advance(ms: number): void;
}

export function createVirtualClock(start = "2025-05-23T10:00:00.000Z"): VirtualClock {
  let now = Date.parse(start);
  const tasks = new Set<{ at: number; task: () => void }>();
  return {
    now: () => new Date(now),
    schedule(delayMs, task) {
      const entry = { at: now + delayMs, task };
      tasks.add(entry);
      return () => tasks.delete(entry);
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = [...tasks].filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at)[0];
        if (next === undefined) break;
        tasks.delete(next);
        now = Math.max(now, next.at);
        next.task();
      }
      now = end;
    },
  };
}
