/**
 * Recurrence by RFC 5545. A rule is expanded in local time, without any zone, so that a window keeps its wall-clock
 * times over the year; what its local times are as moments is told by wall-clock.ts.
 */
import { RRuleTemporal } from "rrule-temporal";
import { Temporal } from "temporal-polyfill";

/** Of the standard's parts, those that choose days: the time of day is the start's. */
const parts = [
  "FREQ",
  "INTERVAL",
  "COUNT",
  "UNTIL",
  "BYDAY",
  "BYMONTH",
  "BYMONTHDAY",
  "BYYEARDAY",
  "BYWEEKNO",
  "BYSETPOS",
  "WKST",
];
const frequencies = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];

/** Every one of them is looked at with every question. */
const mostCounted = 5_000;

interface Recurring {
  rrule: string;
  start: Temporal.PlainDateTime;
  timeZone: string;
}

/** What is wrong with the rule, or undefined where nothing is. */
export function problemOfRule(recurring: Recurring): string | undefined {
  const given = partsOf(recurring.rrule);
  const unknown = [...given.keys()].find((key) => !parts.includes(key));
  if (unknown !== undefined) return `unknown part ${unknown}; expected ${parts.join(", ")}`;
  if (!frequencies.includes(given.get("FREQ") ?? "")) return `FREQ: expected ${frequencies.join(", ")}`;
  if (given.has("COUNT") && given.has("UNTIL")) return "COUNT and UNTIL exclude each other";
  if (Number(given.get("COUNT") ?? 0) > mostCounted) return `COUNT: expected at most ${mostCounted}`;
  const until = given.get("UNTIL");
  if (until !== undefined && localUntil(until, recurring.timeZone) === undefined)
    return "UNTIL: expected a date such as 20271231, or a time such as 20271231T220000Z";
  try {
    const rule = ruleOf(recurring);
    // The library passes over what it does not understand; a freeze that is read otherwise than written must not be.
    const understood = partsOf(rule.toString().split(/RRULE:/)[1] ?? "");
    const lost = [...given].find(([key, value]) => key !== "UNTIL" && understood.get(key) !== value);
    if (lost !== undefined) return `${lost.join("=")} is not understood`;
    const first = startsOf(recurring, recurring.start, recurring.start);
    if (first.length === 0) return `the start, ${recurring.start}, is not one of its days`;
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

/** Local times at which it begins, from one to another, both included. */
export function startsOf(
  recurring: Recurring,
  from: Temporal.PlainDateTime,
  to: Temporal.PlainDateTime,
): Temporal.PlainDateTime[] {
  return ruleOf(recurring)
    .between(asDate(from), asDate(to), true)
    .map((start) => Temporal.PlainDateTime.from(start.toString({ timeZoneName: "never", offset: "never" })));
}

function ruleOf({ rrule, start, timeZone }: Recurring): RRuleTemporal {
  const given = partsOf(rrule);
  const until = given.get("UNTIL");
  if (until !== undefined) given.set("UNTIL", `${compact(localUntil(until, timeZone) ?? start)}Z`);
  const text = [...given].map((part) => part.join("=")).join(";");
  return new RRuleTemporal({
    rruleString: `DTSTART;TZID=UTC:${compact(start)}\nRRULE:${text}`,
    strict: true,
    maxIterations: 1_000_000,
    cache: false,
  });
}

function partsOf(rule: string): Map<string, string> {
  const pieces = rule.trim().toUpperCase().split(";");
  return new Map(
    pieces.map((piece) => {
      const [key = "", ...rest] = piece.split("=");
      return [key, rest.join("=")] as const;
    }),
  );
}

/** The last local time that counts: of a moment, that of the zone; of a date, its end. */
function localUntil(text: string, timeZone: string): Temporal.PlainDateTime | undefined {
  const [, date, time = "T235959", utc] = /^(\d{8})(?:(T\d{6})(Z)?)?$/.exec(text) ?? [];
  if (date === undefined) return undefined;
  try {
    const local = Temporal.PlainDateTime.from(`${date}${time}`, { overflow: "reject" });
    return utc === undefined ? local : local.toZonedDateTime("UTC").withTimeZone(timeZone).toPlainDateTime();
  } catch {
    return undefined;
  }
}

function compact(local: Temporal.PlainDateTime): string {
  return local.toString({ smallestUnit: "second" }).replace(/[-:]/g, "");
}

function asDate(local: Temporal.PlainDateTime): Date {
  return new Date(local.toZonedDateTime("UTC").epochMilliseconds);
}
