import { expect, test } from "vitest";
import { formatDuration, parseDuration } from "./duration.ts";

test.each([
  ["250ms", 250],
  ["10s", 10_000],
  ["5m", 300_000],
  ["2h", 7_200_000],
  ["3d", 259_200_000],
  ["0s", 0],
])("%s is %d milliseconds", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each(["", "10", "s", "1.5s", "-1s", "1 s", "1S", "10sec", "1234567890s"])(
  "%j is no duration",
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);

test.each(["250ms", "90s", "2m", "3d", "0ms"])("%s is written back as it was", (text) => {
  expect(formatDuration(parseDuration(text) ?? -1)).toBe(text);
});
