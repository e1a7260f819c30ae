/** The windows of a freeze as moments. */
import { Temporal } from "temporal-polyfill";
import type { Freeze } from "./freeze.ts";
import { startsOf } from "./recurrence.ts";
import { localAt, momentOf, parseLocal } from "./wall-clock.ts";

/** From its start, which belongs to it, until its end, which does not; milliseconds since 1970. */
export interface Window {
  from: number;
  /** Absent: it has no end. */
  until?: number;
}

/** Local time and moments differ by a day at most, also where a zone crosses the date line. */
const marginDays = 2;

/** Those that share a moment with the span from `from` to `to`, both included; by their start. */
export function windowsTouching(freeze: Freeze, from: number, to: number): Window[] {
  return startsAround(freeze, from, to)
    .map((start) => windowFrom(freeze, start))
    .filter((window) => window.from <= to && (window.until ?? Number.POSITIVE_INFINITY) > from)
    .filter((window) => window.until === undefined || window.until > window.from)
    .sort((a, b) => a.from - b.from);
}

function startsAround(freeze: Freeze, from: number, to: number): Temporal.PlainDateTime[] {
  const { timeZone, rrule } = freeze;
  const start = localOf(freeze.start);
  if (rrule === undefined) return besidesOf(freeze, [start]);
  const earliest = localAt(from, timeZone).subtract(lengthOf(freeze)).subtract({ days: marginDays });
  const latest = localAt(to, timeZone).add({ days: marginDays });
  if (Temporal.PlainDateTime.compare(latest, start) < 0) return besidesOf(freeze, []);
  return besidesOf(freeze, startsOf({ rrule, start, timeZone }, earliest, latest));
}

/** With the starts that stand beside the rule, and without those that do not count; each once. */
function besidesOf({ rdate = [], exdate = [] }: Freeze, starts: Temporal.PlainDateTime[]) {
  const without = new Set(exdate.map((text) => localOf(text).toString()));
  const all = [...starts, ...rdate.map(localOf)].map((start) => [start.toString(), start] as const);
  return [...new Map(all)].filter(([text]) => !without.has(text)).map(([, start]) => start);
}

function windowFrom(freeze: Freeze, start: Temporal.PlainDateTime): Window {
  const { timeZone, end, duration } = freeze;
  const from = momentOf(start, timeZone, "start");
  if (end === undefined && duration === undefined) return { from };
  const length = lengthOf(freeze);
  const exact = duration !== undefined && length.days === 0;
  if (exact) return { from, until: from + length.total("milliseconds") };
  return { from, until: momentOf(start.add(length), timeZone, "end") };
}

/** By the calendar and the clocks on the wall, except where hours, minutes or seconds are said. */
function lengthOf({ start, end, duration }: Freeze): Temporal.Duration {
  if (end !== undefined) return localOf(start).until(localOf(end), { largestUnit: "days" });
  const [, count = "0", unit] = /^(\d+)([smhd])$/.exec(duration ?? "0s") ?? [];
  const name = { s: "seconds", m: "minutes", h: "hours", d: "days" }[unit as "s" | "m" | "h" | "d"];
  return Temporal.Duration.from({ [name]: Number(count) });
}

function localOf(text: string): Temporal.PlainDateTime {
  const local = parseLocal(text);
  if (local === undefined) throw new Error(`${text} was not checked`);
  return local;
}
