/** The window of a freeze that matters next to people: the one that holds, else the next one. */
import type { Freeze } from "./freeze.ts";
import { momentOf, parseLocal } from "./wall-clock.ts";
import { type Window, windowsTouching } from "./windows.ts";

const day = 24 * 60 * 60 * 1_000;
/** Far enough for the 29th of February across a year without one. */
const looksAheadDays = [45, 400, 9 * 366];

/** Undefined where no window ends after the moment: it holds nothing any more. */
export function nextWindow(freeze: Freeze, moment: number): Window | undefined {
  if (freeze.rrule === undefined) return windowsTouching(freeze, moment, Number.MAX_SAFE_INTEGER)[0];
  const start = parseLocal(freeze.start);
  const from = Math.max(moment, start === undefined ? 0 : momentOf(start, freeze.timeZone, "start"));
  for (const days of looksAheadDays) {
    const [next] = windowsTouching(freeze, from, from + days * day);
    if (next !== undefined) return next;
  }
  return undefined;
}
