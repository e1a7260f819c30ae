import { expect, test } from "vitest";
import { commitPolicySchema } from "../tenant/delivery-policies.ts";
import { checkSubject, commitSubject } from "./conventional-commit.ts";
import type { VersionDecision } from "./decide-version.ts";

const first: VersionDecision = {
  declared: null,
  previous: null,
  bump: "feature",
  version: "0.1.0",
  reasons: [],
};
const next = { ...first, previous: "1.0.0", version: "1.1.0" };
const facts = { moduleId: "booking-service", traceId: "trace-1", shared: false, decision: first };
const policy = (over: object) => commitPolicySchema.parse(over);

test.each([
  [facts, "feat: add booking-service for trace-1"],
  [{ ...facts, shared: true }, "feat(booking-service): add booking-service for trace-1"],
  [{ ...facts, decision: next }, "feat: update booking-service to 1.1.0 for trace-1"],
  [
    { ...facts, decision: { ...next, bump: "fix" as const, version: "1.0.1" } },
    "fix: update booking-service to 1.0.1 for trace-1",
  ],
  [
    { ...facts, shared: true, decision: { ...next, bump: "breaking" as const, version: "2.0.0" } },
    "feat(booking-service)!: update booking-service to 2.0.0 for trace-1",
  ],
  [
    { ...facts, decision: next, reverts: "1.0.0" },
    "revert: take back booking-service 1.0.0 as 1.1.0 for trace-1",
  ],
])("%o is %j", (given, subject) => {
  expect(commitSubject(given)).toBe(subject);
  expect(() => checkSubject(subject, policy({}))).not.toThrow();
});

test("a subject that would be too long leaves the trace to its trailer", () => {
  expect(commitSubject(facts, 30)).toBe("feat: add booking-service");
});

test.each([
  ["Add bookings", {}, "a Conventional Commit such as"],
  ["feat:no space", {}, "a Conventional Commit such as"],
  ["feat: add bookings", { types: ["fix"] }, "one of the types fix"],
  [`feat: ${"a".repeat(100)}`, {}, "at most 100 characters, it has 106"],
  ["feat: add bookings", { pattern: "for trace-" }, "a subject that matches for trace-"],
])("%j is refused under %o, saying what was expected", (subject, over, expected) => {
  expect(() => checkSubject(subject, policy(over))).toThrow(expected);
});
