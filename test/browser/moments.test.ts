/** Times in the server's sentences, as Studio finds them. */
import { expect, test } from "vitest";
import { clockBeside, momentsIn } from "../../studio/ui/moments.ts";

test.each([
  ["it is held until 2026-11-23 22:48 UTC: a freeze", "2026-11-23T22:48Z"],
  ["frozen until Mon 2026-11-23 22:48:30 UTC (works)", "2026-11-23T22:48:30Z"],
  ["until 2026-12-01T00:00:00.000Z and does not vote", "2026-12-01T00:00:00.000Z"],
])("%s", (sentence, at) => {
  const parts = momentsIn(sentence);
  expect(parts).toHaveLength(3);
  expect(parts[1]).toEqual({ at });
});

test("what is no moment, or one by other clocks, stays as it is written", () => {
  for (const sentence of [
    "trace-2026-11-23-0007 was replaced",
    "from Mon 2026-11-23 12:01:01 Europe/Berlin",
    "2026-99-99T00:00:00Z",
    "",
  ])
    expect(momentsIn(sentence).join("")).toBe(sentence);
});

test("what happened since the clock ticked is now, and what comes is ahead", () => {
  expect(clockBeside(9_000, 4_000, 10_000)).toBe(9_000);
  expect(clockBeside(60_000, 4_000, 10_000)).toBe(10_000);
  expect(clockBeside(1_000, 4_000, 10_000)).toBe(4_000);
});
