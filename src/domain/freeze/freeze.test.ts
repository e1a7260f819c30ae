import { describe, expect, it } from "vitest";
import { concerns, freezeSchema } from "./freeze.ts";

const base = { id: "year-end", reason: "year-end", start: "2026-12-18T17:00", end: "2027-01-04T07:00" };

function problemsOf(more: object): string[] {
  const parsed = freezeSchema.safeParse({ ...base, ...more });
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("a freeze as people write it", () => {
  it("is taken with little, and then holds everywhere in UTC", () => {
    expect(freezeSchema.parse(base)).toMatchObject({
      timeZone: "UTC",
      mayOverride: ["StudioApprover", "StudioAdmin"],
    });
    const { end: _none, ...open } = base;
    expect(freezeSchema.safeParse(open).success).toBe(true);
  });

  it.each([
    [{ timeZone: "+01:00" }, "timeZone: expected a time zone of the IANA database"],
    [{ timeZone: "Europe/Bonn" }, "timeZone: expected a time zone"],
    [{ start: "2026-12-18T17:00Z" }, "start: expected a local date and time"],
    [{ start: "0001-01-01T17:00" }, "start: expected a local date and time"],
    [{ start: "2026-02-30T17:00" }, "start: expected a local date and time"],
    [{ end: "2026-12-01T00:00" }, "end: it lies before the start"],
    [{ duration: "3d" }, "duration: `end` and `duration` exclude each other"],
    [{ end: undefined, rrule: "FREQ=WEEKLY" }, "rrule: what recurs needs an `end` or a `duration`"],
    [{ end: undefined, duration: "99999d" }, "duration: expected at most ten years"],
    [{ reason: "all \u001b[31mred" }, "reason: expected one line of plain text"],
    [{ reason: "left \u202e right" }, "reason: expected one line of plain text"],
    [{ mayOverride: ["Developer"] }, "mayOverride.0"],
    [{ colour: "red" }, "colour"],
  ])("%j is refused by name", (more, problem) => {
    expect(problemsOf(more).join("\n")).toContain(problem);
  });

  it.each([
    ["FREQ=HOURLY", "FREQ: expected DAILY, WEEKLY, MONTHLY, YEARLY"],
    ["FREQ=SOMETIMES", "FREQ: expected DAILY"],
    ["BYDAY=MO", "FREQ: expected DAILY"],
    ["FREQ=DAILY;BYHOUR=3", "unknown part BYHOUR"],
    ["FREQ=DAILY;COLOUR=RED", "unknown part COLOUR"],
    ["FREQ=MONTHLY;BYMONTHDAY=99", "BYMONTHDAY=99 is not understood"],
    ["FREQ=WEEKLY;BYDAY=XX", "BYDAY"],
    ["FREQ=WEEKLY;INTERVAL=0", "interval"],
    ["FREQ=DAILY;COUNT=999999999", "COUNT: expected at most 5000"],
    ["FREQ=DAILY;COUNT=3;UNTIL=20270101", "COUNT and UNTIL exclude each other"],
    ["FREQ=DAILY;UNTIL=tomorrow", "UNTIL: expected a date such as"],
    ["FREQ=WEEKLY;BYDAY=MO", "the start, 2026-12-18T17:00:00, is not one of its days"],
    ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "is not one of its days"],
  ])("the rule %s is refused by name", (rrule, problem) => {
    expect(problemsOf({ rrule }).join("\n")).toContain(problem);
  });

  it("is for the places that it names", () => {
    const here = { environment: "production", moduleId: "shop", editionId: "premium" };
    const scope = (more: object) => concerns(freezeSchema.parse({ ...base, ...more }), here);
    expect(scope({})).toBe(true);
    expect(scope({ environments: ["production"], modules: ["shop"], editions: ["premium"] })).toBe(true);
    expect(scope({ environments: ["staging"] })).toBe(false);
    expect(scope({ modules: ["accounts"] })).toBe(false);
    expect(scope({ editions: ["basic"] })).toBe(false);
    const plain = freezeSchema.parse({ ...base, editions: ["premium"] });
    expect(concerns(plain, { environment: "production", moduleId: "shop" })).toBe(false);
  });
});
