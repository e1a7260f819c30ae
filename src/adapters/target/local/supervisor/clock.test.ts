import { afterEach, expect, test, vi } from "vitest";
import { hostClock } from "./clock.ts";

afterEach(() => {
  vi.useRealTimers();
});

test.each([-86_400_000, 0, 86_400_000])(
  "the age of a process is the kernel's, whatever the wall clock was set to (%i ms)",
  (jumpMs) => {
    const bornMs = performance.now() - process.uptime() * 1000;
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + jumpMs });
    const told = hostClock.bornMs({ pid: process.pid, startTime: "" });
    expect(Math.abs(told - bornMs)).toBeLessThan(1_000);
  },
);

test("of a process that is gone nothing is known: it counts as born now", () => {
  const told = hostClock.bornMs({ pid: 2 ** 22 + 1, startTime: "" });
  expect(performance.now() - told).toBeLessThan(100);
});
