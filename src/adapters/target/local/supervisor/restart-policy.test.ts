import { expect, test } from "vitest";
import { backoffMs, crashLoop, restartsAfter } from "./restart-policy.ts";

test("the wait doubles with every restart, and stays at a ceiling for ever", () => {
  expect([0, 1, 2, 3].map(backoffMs)).toEqual([200, 400, 800, 1_600]);
  expect(backoffMs(8)).toBe(30_000);
  expect(backoffMs(10_000)).toBe(30_000);
});

test("an instance that ran well for a minute begins anew", () => {
  expect(restartsAfter(7, 59_999)).toBe(7);
  expect(restartsAfter(7, 60_000)).toBe(0);
});

test("a loop is one from the third restart on, until it ran well for a minute", () => {
  expect(crashLoop(2, 0)).toBeUndefined();
  expect(crashLoop(3, 1_000)).toContain("restarted 3 times");
  expect(crashLoop(3, 60_000)).toBeUndefined();
});
