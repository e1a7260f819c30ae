import fc from "fast-check";
import { expect, test } from "vitest";
import { roomFor } from "./campaign.ts";

const now = new Date("2025-05-23T10:00:00.000Z");
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();

test("no more are under way than may be at once", () => {
  expect(roomFor({ atOnce: 3, perHour: 100 }, { underWay: 1, startedAt: [], now })).toBe(2);
  expect(roomFor({ atOnce: 3, perHour: 100 }, { underWay: 5, startedAt: [], now })).toBe(0);
});

test("no more are started within an hour than may be, whatever has ended since", () => {
  const startedAt = [ago(90), ago(59), ago(1)];
  expect(roomFor({ atOnce: 10, perHour: 2 }, { underWay: 0, startedAt, now })).toBe(0);
  expect(roomFor({ atOnce: 10, perHour: 3 }, { underWay: 0, startedAt, now })).toBe(1);
});

test("starting as many as there is room for never leads past a limit", () => {
  fc.assert(
    fc.property(
      fc.nat(20),
      fc.nat(20),
      fc.nat(20),
      fc.array(fc.nat(120)),
      (atOnce, perHour, underWay, minutes) => {
        const room = roomFor({ atOnce, perHour }, { underWay, startedAt: minutes.map(ago), now });
        const lately = minutes.filter((minute) => minute < 60).length;
        expect(room === 0 || (underWay + room <= atOnce && lately + room <= perHour)).toBe(true);
      },
    ),
  );
});
