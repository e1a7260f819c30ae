import { describe, expect, test } from "vitest";
import { teamsOf, teamsSchema } from "./teams.ts";

const teams = teamsSchema.parse({
  booking: { modules: ["booking-*", "rooms"], members: ["jane"] },
  payments: { modules: ["*-payments"] },
  platform: { members: ["sam"] },
});

describe("a delivery is of a team", () => {
  test.each([
    ["booking-service", "max", ["booking"]],
    ["rooms", "max", ["booking"]],
    ["rooms-2", "max", []],
    ["booking-payments", "max", ["booking", "payments"]],
    ["shop", "jane", ["booking"]],
    ["card-payments", "sam", ["payments", "platform"]],
    ["shop", "max", []],
  ])("%s handed over by %s: %j", (moduleId, sponsor, expected) => {
    expect(teamsOf(teams, { moduleId, sponsor })).toEqual(expected);
  });
});

test.each([
  [{ booking: {} }, "expected `members`, `modules` or both"],
  [{ booking: { modules: ["Booking.*"] } }, "expected a module's name"],
  [{ booking: { modules: [] } }, "Too small"],
  [{ booking: { members: ["jane"], lead: "max" } }, "Unrecognized key"],
])("%j is refused", (given, message) => {
  expect(teamsSchema.safeParse(given).error?.message).toContain(message);
});
