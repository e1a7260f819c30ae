import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { freezeSchema } from "./freeze.ts";
import { windowsTouching } from "./windows.ts";

const minute = 60_000;
const day = 24 * 60 * minute;

function freezeOf(more: object) {
  return freezeSchema.parse({ id: "a", reason: "because", start: "2026-01-02T17:00", ...more });
}

function windowsOf(more: object, from: string, to: string): string[] {
  return windowsTouching(freezeOf(more), Date.parse(from), Date.parse(to)).map(
    ({ from: start, until }) =>
      `${new Date(start).toISOString().slice(0, 16)} ${until === undefined ? "" : new Date(until).toISOString().slice(0, 16)}`,
  );
}

describe("the windows of a freeze", () => {
  it("keep their times on the wall when the clocks change", () => {
    const weekend = {
      timeZone: "Europe/Berlin",
      start: "2026-03-20T17:00",
      end: "2026-03-23T07:00",
      rrule: "FREQ=WEEKLY;BYDAY=FR",
    };
    expect(windowsOf(weekend, "2026-03-20T00:00Z", "2026-04-05T00:00Z")).toEqual([
      "2026-03-20T16:00 2026-03-23T06:00",
      "2026-03-27T16:00 2026-03-30T05:00",
      "2026-04-03T15:00 2026-04-06T05:00",
    ]);
    expect(windowsOf(weekend, "2026-10-22T00:00Z", "2026-10-28T00:00Z")).toEqual([
      "2026-10-23T15:00 2026-10-26T06:00",
    ]);
  });

  it("begin and end where the clocks skip the time that was said, and in doubt hold where it comes twice", () => {
    const once = (start: string, end: string) =>
      windowsOf({ timeZone: "Europe/Berlin", start, end }, "2026-01-01T00:00Z", "2026-12-31T00:00Z");
    expect(once("2026-03-29T02:30", "2026-03-29T03:15")).toEqual(["2026-03-29T01:00 2026-03-29T01:15"]);
    expect(once("2026-03-29T01:30", "2026-03-29T02:30")).toEqual(["2026-03-29T00:30 2026-03-29T01:00"]);
    expect(once("2026-03-29T02:10", "2026-03-29T02:50")).toEqual([]);
    expect(once("2026-10-25T02:10", "2026-10-25T02:50")).toEqual(["2026-10-25T00:10 2026-10-25T01:50"]);
  });

  it("hold until the second time that the clocks show their end, also where it is the first that they repeat", () => {
    const night = { timeZone: "Africa/Casablanca", start: "2026-02-15T00:24", end: "2026-02-15T02:00" };
    expect(windowsOf(night, "2026-02-14T00:00Z", "2026-02-16T00:00Z")).toEqual([
      "2026-02-14T23:24 2026-02-15T02:00",
    ]);
  });

  it("last days of the calendar, or exact hours", () => {
    const from = { timeZone: "Europe/Berlin", start: "2026-03-28T12:00" };
    const all = ["2026-01-01T00:00Z", "2026-12-31T00:00Z"] as const;
    expect(windowsOf({ ...from, duration: "1d" }, ...all)).toEqual(["2026-03-28T11:00 2026-03-29T10:00"]);
    expect(windowsOf({ ...from, duration: "24h" }, ...all)).toEqual(["2026-03-28T11:00 2026-03-29T11:00"]);
  });

  it("leave out what does not count, and come on other days too", () => {
    const monthly = {
      start: "2026-01-30T18:00",
      duration: "2h",
      rrule: "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;UNTIL=20260430",
      exdate: ["2026-03-31T18:00"],
      rdate: ["2026-03-17T09:00"],
    };
    expect(windowsOf(monthly, "2026-01-01T00:00Z", "2027-01-01T00:00Z")).toEqual([
      "2026-01-30T18:00 2026-01-30T20:00",
      "2026-02-27T18:00 2026-02-27T20:00",
      "2026-03-17T09:00 2026-03-17T11:00",
      "2026-04-30T18:00 2026-04-30T20:00",
    ]);
  });

  it("read the end of a rule as a moment where it is one", () => {
    const rule = (until: string) => ({
      timeZone: "America/New_York",
      start: "2026-07-01T20:00",
      duration: "1h",
      rrule: `FREQ=DAILY;UNTIL=${until}`,
    });
    // 20:00 in New York is midnight in UTC.
    expect(windowsOf(rule("20260703T000000Z"), "2026-06-01T00:00Z", "2026-08-01T00:00Z")).toHaveLength(2);
    expect(windowsOf(rule("20260702T235959Z"), "2026-06-01T00:00Z", "2026-08-01T00:00Z")).toHaveLength(1);
  });

  it("are found decades after the first of them", () => {
    const daily = { start: "1996-01-01T08:00", duration: "10m", rrule: "FREQ=DAILY" };
    expect(windowsOf(daily, "2096-05-05T08:05Z", "2096-05-05T08:05Z")).toEqual([
      "2096-05-05T08:00 2096-05-05T08:10",
    ]);
    const counted = { ...daily, rrule: "FREQ=DAILY;COUNT=5000" };
    expect(windowsOf(counted, "2009-09-08T08:00Z", "2009-09-12T00:00Z")).toEqual([
      "2009-09-08T08:00 2009-09-08T08:10",
    ]);
  });
});

/** Zones that change by an hour, by half an hour, at midnight, by religious rule, never, and by a whole day. */
const changes = [
  { zone: "Europe/Berlin", around: ["2026-03-29", "2026-10-25"] },
  { zone: "America/New_York", around: ["2026-03-08", "2026-11-01"] },
  { zone: "Australia/Lord_Howe", around: ["2026-04-05", "2026-10-04"] },
  { zone: "America/Santiago", around: ["2026-04-05", "2026-09-06"] },
  { zone: "Africa/Casablanca", around: ["2026-02-15", "2026-03-22"] },
  { zone: "Asia/Kathmandu", around: ["2026-06-01"] },
  { zone: "Pacific/Apia", around: ["2011-12-30"] },
];

const place = fc
  .constantFrom(...changes)
  .chain(({ zone, around }) => fc.record({ zone: fc.constant(zone), date: fc.constantFrom(...around) }));

/** Minutes from a day's start that lie where clocks are put forward and back, half of the time. */
const nearChange = fc.integer({ min: -60, max: 240 });
const spans = fc.record({
  startAt: fc.oneof(nearChange, fc.integer({ min: -2_880, max: 2_880 })),
  length: fc.oneof(fc.integer({ min: 1, max: 180 }), fc.integer({ min: 1, max: 2_880 })),
});

describe("evaluated minute by minute, with nothing but clocks on the wall", () => {
  it("a single window is the same", () => {
    fc.assert(
      fc.property(place, spans, ({ zone, date }, { startAt, length }) => {
        const midnight = Date.parse(`${date}T00:00Z`);
        const start = plain(midnight + startAt * minute);
        const end = plain(midnight + (startAt + length) * minute);
        const clocks = clocksOf(zone, midnight - 4 * day, midnight + 6 * day);
        const freeze = freezeOf({ timeZone: zone, start, end });
        const found = windowsTouching(freeze, midnight - 4 * day, midnight + 6 * day);
        expect(minutesIn(found, clocks)).toEqual(naive(clocks, [[start, end]]));
      }),
      { numRuns: 150 },
    );
  });

  it("so is one that recurs on days of the week", () => {
    const days = fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 });
    const given = fc.record({
      place,
      time: fc.oneof(fc.nat(240), fc.nat(1_439)),
      length: fc.oneof(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 2_000 })),
      days,
      weeksAgo: fc.nat(60),
    });
    fc.assert(
      fc.property(given, ({ place: { zone, date }, time, length, days, weeksAgo }) => {
        const middle = Date.parse(`${date}T00:00Z`);
        const starts = Array.from(
          { length: 7 * weeksAgo + 28 },
          (_, index) => middle + (index - 7 * weeksAgo - 10) * day,
        )
          .filter((at) => days.includes(new Date(at).getUTCDay()))
          .map((at) => at + time * minute);
        const [first = middle] = starts;
        const names = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
        const freeze = freezeOf({
          timeZone: zone,
          start: plain(first),
          end: plain(first + length * minute),
          rrule: `FREQ=WEEKLY;BYDAY=${days.map((one) => names[one]).join(",")}`,
        });
        const [from, to] = [middle - 4 * day, middle + 5 * day];
        const clocks = clocksOf(zone, from, to);
        const windows = starts
          .filter((at) => at > from - 4 * day && at < to + 2 * day)
          .map((at) => [plain(at), plain(at + length * minute)] as const);
        expect(minutesIn(windowsTouching(freeze, from, to), clocks)).toEqual(naive(clocks, windows));
      }),
      { numRuns: 100 },
    );
  });
});

interface Clock {
  at: number;
  /** What the clock on the wall shows, to the minute. */
  shows: string;
}

const read = new Map<string, Clock[]>();

function clocksOf(zone: string, from: number, to: number): Clock[] {
  const key = `${zone} ${from} ${to}`;
  const known = read.get(key);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
  const clocks: Clock[] = [];
  for (let at = from; at <= to; at += minute) clocks.push({ at, shows: format.format(at).replace(" ", "T") });
  read.set(key, clocks);
  return clocks;
}

/**
 * A window is on from the first minute whose clock has come to its start until the last whose clock is before its end,
 * and where the clocks show its end twice, until the second time.
 */
function naive(clocks: Clock[], windows: (readonly [string, string])[]): number[] {
  const frozen = new Set<number>();
  for (const [start, end] of windows) {
    const from = clocks.findIndex(({ shows }) => shows >= start);
    const lastBefore = clocks.findLastIndex(({ shows }) => shows < end);
    const to = Math.max(lastBefore, clocks.findLastIndex(({ shows }) => shows === end) - 1);
    if (from < 0) continue;
    for (const { at } of clocks.slice(from, to + 1)) frozen.add(at);
  }
  return [...frozen].sort((a, b) => a - b);
}

function minutesIn(windows: { from: number; until?: number }[], clocks: Clock[]): number[] {
  return clocks
    .filter(({ at }) => windows.some(({ from, until = at + 1 }) => from <= at && at < until))
    .map(({ at }) => at);
}

function plain(at: number): string {
  return new Date(at).toISOString().slice(0, 16);
}
