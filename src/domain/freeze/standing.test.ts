import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { freezeSchema } from "./freeze.ts";
import { standingOf } from "./standing.ts";
import { windowsTouching } from "./windows.ts";

const scope = { environment: "production", moduleId: "shop" };
const at = (now: string, seen = now) => ({ now: new Date(now), seen: new Date(seen) });
const freeze = (id: string, start: string, more: object = {}) =>
  freezeSchema.parse({ id, reason: `the ${id}`, start, ...more });
const friday = freeze("black-friday", "2026-11-27T00:00", { end: "2026-11-28T00:00" });

describe("whether releases are held", () => {
  it("is told by the window, its start included and its end not", () => {
    expect(standingOf([friday], scope, at("2026-11-26T23:59:59.999Z"))).toEqual({ active: [] });
    expect(standingOf([friday], scope, at("2026-11-27T00:00:00Z"))).toMatchObject({
      active: [{ id: "black-friday", until: "2026-11-28T00:00:00.000Z" }],
      until: "2026-11-28T00:00:00.000Z",
    });
    expect(standingOf([friday], scope, at("2026-11-28T00:00:00Z"))).toEqual({ active: [] });
    expect(
      standingOf([friday], { ...scope, environment: "staging" }, at("2026-11-27T12:00:00Z")).active,
    ).toHaveLength(1);
    const elsewhere = { ...friday, environments: ["staging"] };
    expect(standingOf([elsewhere], scope, at("2026-11-27T12:00:00Z"))).toEqual({ active: [] });
  });

  it("lasts until windows that overlap, or follow without a gap, have all ended", () => {
    const sale = freeze("sale", "2026-11-27T18:00", { end: "2026-11-30T07:00" });
    const audit = freeze("audit", "2026-11-30T07:00", { end: "2026-12-01T07:00" });
    const later = freeze("later", "2026-12-01T07:01", { end: "2026-12-09T07:00" });
    const { active, until } = standingOf([later, audit, friday, sale], scope, at("2026-11-27T12:00:00Z"));
    expect(active.map(({ id }) => id)).toEqual(["black-friday"]);
    expect(until).toBe("2026-12-01T07:00:00.000Z");
  });

  it("has no end where one of them has none", () => {
    const open = freeze("migration", "2026-11-27T20:00");
    expect(standingOf([friday, open], scope, at("2026-11-27T12:00:00Z")).until).toBeUndefined();
    expect(standingOf([open], scope, at("2036-11-27T12:00:00Z"))).toMatchObject({
      active: [{ id: "migration" }],
    });
  });

  it("is asked again where windows follow each other for ever", () => {
    const always = freeze("always", "2026-01-01T00:00", { duration: "1d", rrule: "FREQ=DAILY" });
    const { until } = standingOf([always], scope, at("2026-11-27T12:00:00Z"));
    expect(Date.parse(until ?? "")).toBeGreaterThan(Date.parse("2026-12-31T00:00Z"));
  });

  it("does not change when the clock is turned back in a window", () => {
    const inside = "2026-11-27T12:00:00Z";
    expect(standingOf([friday], scope, at("2026-11-20T12:00:00Z", inside)).active).toHaveLength(1);
    expect(standingOf([friday], scope, at("2026-11-20T12:00:00Z", "2026-11-28T00:00:00Z")).active).toEqual(
      [],
    );
  });

  it("does not open what comes because the clock once ran ahead", () => {
    expect(
      standingOf([friday], scope, at("2026-11-27T12:00:00Z", "2031-01-01T00:00:00Z")).active,
    ).toHaveLength(1);
  });

  it("holds, whatever clocks do, wherever now or the newest time that was seen is in a window", () => {
    const nightly = freeze("night", "2026-11-01T22:00", { duration: "8h", rrule: "FREQ=DAILY" });
    const start = Date.parse("2026-11-10T00:00Z");
    const moment = fc.nat(20 * 24 * 60).map((minutes) => start + minutes * 60_000);
    fc.assert(
      fc.property(moment, moment, (now, seen) => {
        const { active, until } = standingOf([nightly], scope, { now: new Date(now), seen: new Date(seen) });
        const inside = [now, Math.max(now, seen)].some(
          (one) => windowsTouching(nightly, one, one).length > 0,
        );
        expect(active.length > 0).toBe(inside);
        if (until !== undefined)
          expect(windowsTouching(nightly, Date.parse(until), Date.parse(until))).toEqual([]);
      }),
    );
  });
});
