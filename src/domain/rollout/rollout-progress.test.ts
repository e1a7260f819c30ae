import fc from "fast-check";
import { expect, test } from "vitest";
import { failedAttempt, nothingDone, type ProgressEvent, rolloutProgress } from "./rollout-progress.ts";

test("nothing was done where nothing was announced", () => {
  expect(rolloutProgress([])).toEqual(nothingDone);
});

test("a failed attempt is followed by another one from the first step, no sooner than it says", () => {
  const failure = event(3, {
    step: failedAttempt,
    index: 2,
    attempt: 1,
    retryAt: "2025-05-23T10:05:00.000Z",
  });
  const progress = rolloutProgress([event(1, { step: "start", index: 1, attempt: 1 }), failure]);
  expect(progress).toMatchObject({
    attempt: 2,
    done: 0,
    since: failure.time,
    notBefore: "2025-05-23T10:05:00.000Z",
  });
  expect(progress.steps).toHaveLength(1);
});

test("however often it broke off and failed, the next step is the one after the newest that is done", () => {
  const attempts = fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(attempts, (reached) => {
      const events = reached.flatMap((steps, nth) => {
        const attempt = nth + 1;
        const done = Array.from({ length: steps }, (_, i) => ({ step: "route", index: i + 1, attempt }));
        const isLast = attempt === reached.length;
        return [...done, ...(isLast ? [] : [{ step: failedAttempt, index: steps + 1, attempt }])];
      });
      const progress = rolloutProgress(events.map((data, at) => event(at, data)));
      expect(progress).toMatchObject({ attempt: reached.length, done: reached.at(-1) });
      expect(progress.steps).toHaveLength(reached.reduce((sum, steps) => sum + steps, 0));
    }),
  );
});

function event(second: number, data: ProgressEvent["data"]): ProgressEvent {
  return { time: new Date(Date.UTC(2025, 4, 23, 10, 0, second)).toISOString(), data };
}
