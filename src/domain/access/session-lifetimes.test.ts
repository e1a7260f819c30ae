import { expect, test } from "vitest";
import { sessionLifetimes } from "./session-lifetimes.ts";

const hourMs = 3_600_000;

test("sessions last a working day, and a day in any case, where nothing else is said", () => {
  const usual = { idleMs: 8 * hourMs, longestMs: 24 * hourMs };
  expect(sessionLifetimes({})).toEqual(usual);
  expect(sessionLifetimes({ CONNECTSOFT_SESSION_IDLE: "", CONNECTSOFT_SESSION_LONGEST: "" })).toEqual(usual);
});

test("an installation has its own, and no session is idle for longer than it lasts", () => {
  expect(sessionLifetimes({ CONNECTSOFT_SESSION_IDLE: "30m", CONNECTSOFT_SESSION_LONGEST: "7d" })).toEqual({
    idleMs: hourMs / 2,
    longestMs: 7 * 24 * hourMs,
  });
  expect(sessionLifetimes({ CONNECTSOFT_SESSION_LONGEST: "1h" })).toEqual({
    idleMs: hourMs,
    longestMs: hourMs,
  });
});

test.each(["8", "eight hours", "1m", "91d", "-5m"])("a length of %s is refused by name", (text) => {
  expect(() => sessionLifetimes({ CONNECTSOFT_SESSION_IDLE: text })).toThrow(
    /CONNECTSOFT_SESSION_IDLE: expected/,
  );
});
