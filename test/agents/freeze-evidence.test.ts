/** Whether a release is frozen: by calendars, clocks that are moved, overrides and hotfixes. */
import { describe, expect, it } from "vitest";
import { freezeEvidence } from "../../src/agents/freeze-evidence.ts";
import { freezeSchema } from "../../src/domain/freeze/freeze.ts";
import type { KnownFreeze } from "../../src/domain/freeze/standing.ts";
import type { Freezes } from "../../src/ports/freezes.ts";
import type { LostOverrider } from "../../src/ports/overriders.ts";
import { fakeContext, sampleHandOver } from "../support/agent-context.ts";
import { digests } from "../support/digests.ts";
import { createVirtualClock } from "../support/virtual-clock.ts";

const minute = 60_000;
const hour = 60 * minute;
const releaseId = "release-000007";

const weekend = freezeSchema.parse({
  id: "weekends",
  reason: "weekends",
  timeZone: "Europe/Berlin",
  start: "2026-01-02T17:00",
  end: "2026-01-05T07:00",
  rrule: "FREQ=WEEKLY;BYDAY=FR",
});

/** A tenant whose newest time is kept, and a clock that can be turned back. */
function world(start: string, freezes: KnownFreeze[] = [weekend]) {
  let clock = createVirtualClock(start);
  let newest = new Date(0);
  const lostOverrider: LostOverrider = async () => undefined;
  const port: Freezes = {
    read: async () => freezes,
    newestTime: async (_tenantId, now) => {
      newest = now > newest ? now : newest;
      return newest;
    },
  };
  const context = fakeContext({ invocation: { environment: "production", releaseId } });
  context.now = () => clock.now();
  const release = { environment: "production", releaseId, digests, policy: {} };
  return {
    context,
    advance: (ms: number) => clock.advance(ms),
    turnBack(to: string) {
      clock = createVirtualClock(to);
    },
    ask: (more: object = {}) =>
      freezeEvidence({ freezes: port, lostOverrider }, context, { ...release, ...more }),
  };
}

describe("a release in a freeze", () => {
  it.each([
    ["in winter", "2026-01-16T15:59:00Z", "2026-01-16T16:00:00Z", "2026-01-19T06:00:00.000Z"],
    ["when clocks go forward", "2026-03-27T15:59:00Z", "2026-03-27T16:00:00Z", "2026-03-30T05:00:00.000Z"],
    ["when clocks go back", "2026-10-23T14:59:00Z", "2026-10-23T15:00:00Z", "2026-10-26T06:00:00.000Z"],
  ])(
    "is held from Friday 17:00 to Monday 07:00 by the clocks of Berlin %s",
    async (_when, before, start, end) => {
      const { ask, advance } = world(before);
      expect((await ask()).active).toEqual([]);
      advance(minute);
      expect(await ask()).toMatchObject({ active: [{ id: "weekends" }], until: end });
      advance(Date.parse(end) - Date.parse(start) - 1);
      expect((await ask()).active).toHaveLength(1);
      advance(1);
      expect((await ask()).active).toEqual([]);
    },
  );

  it("stays held when the clock is turned back before the freeze, until the clock has passed its end", async () => {
    const { ask, turnBack, advance } = world("2026-01-16T20:00:00Z");
    expect((await ask()).active).toHaveLength(1);
    turnBack("2026-01-14T12:00:00Z");
    expect(await ask()).toMatchObject({ active: [{ id: "weekends" }], until: "2026-01-19T06:00:00.000Z" });
    advance(5 * 24 * hour);
    expect((await ask()).active).toEqual([]);
  });

  it("is held by the freezes to come although the clock once ran years ahead", async () => {
    const { ask, turnBack } = world("2031-01-01T12:00:00Z");
    expect((await ask()).active).toEqual([]);
    turnBack("2026-01-17T12:00:00Z");
    expect((await ask()).active).toHaveLength(1);
  });

  it("passes with a confirmed override of exactly this release, and no longer than it says", async () => {
    const { ask, context, advance, turnBack } = world("2026-01-17T12:00:00Z");
    const given = {
      releaseId: "release-000008",
      by: "ada",
      confirmedBy: "max",
      reason: "the provider's certificate ends tonight",
      freezes: ["weekends"],
      digests: { ...digests },
      expiresAt: "2026-01-17T14:00:00.000Z",
    };
    context.record("FreezeOverridden", given);
    context.record("FreezeOverrideRequested", { ...given, releaseId });
    expect((await ask()).passes).toBeUndefined();
    context.record("FreezeOverridden", { ...given, releaseId });
    expect((await ask()).passes).toContain("overridden by ada, confirmed by max");
    expect(await ask({ digests: { ...digests, artifact: `sha256:${"9".repeat(64)}` } })).toMatchObject({
      overrideVoid: "changed since then: artifact",
    });
    advance(2 * hour);
    expect(await ask()).toMatchObject({ overrideVoid: "it held until 2026-01-17T14:00:00.000Z" });
    // Nor does it come to life again.
    turnBack("2026-01-17T13:00:00Z");
    expect((await ask()).passes).toBeUndefined();
  });

  it("is held as a hotfix too, unless policy lets hotfixes pass", async () => {
    const { ask } = world("2026-01-17T12:00:00Z");
    const hotfix = { by: "max", comment: "double bookings", at: "2026-01-17T11:00:00Z" };
    expect((await ask({ hotfix, policy: { hotfix: {} } })).passes).toBeUndefined();
    expect((await ask({ policy: { hotfix: { ignoresFreeze: true } } })).passes).toBeUndefined();
    expect((await ask({ hotfix, policy: { hotfix: { ignoresFreeze: true } } })).passes).toContain("a hotfix");
  });

  it("is not held by what is for others", async () => {
    const only = (more: object) => world("2026-01-17T12:00:00Z", [{ ...weekend, ...more }]).ask();
    expect((await only({ modules: [sampleHandOver().module.id] })).active).toHaveLength(1);
    expect((await only({ modules: ["other"] })).active).toEqual([]);
    expect((await only({ environments: ["staging"] })).active).toEqual([]);
    expect((await only({ editions: ["premium"] })).active).toEqual([]);
  });
});
