import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Probe } from "../../../../domain/module/module-spec.ts";
import { ProbeTracker } from "./probe-tracker.ts";

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

const probe: Probe = {
  tcpSocket: {},
  initialDelaySeconds: 0,
  periodSeconds: 1,
  timeoutSeconds: 1,
  successThreshold: 1,
  failureThreshold: 3,
};

function track(changed: Partial<Probe>, answers: (ms: number) => boolean) {
  const begunMs = performance.now();
  const nowMs = () => Math.round(performance.now() - begunMs);
  const verdicts: string[] = [];
  const shotsMs: number[] = [];
  const tracker = new ProbeTracker(
    "readiness",
    { ...probe, ...changed },
    {
      shoot: async () => {
        shotsMs.push(nowMs());
        return { ok: answers(nowMs()), words: "" };
      },
      verdict: (healthy) => verdicts.push(`${healthy ? "healthy" : "unhealthy"} at ${nowMs()}`),
    },
  );
  tracker.start();
  return { tracker, verdicts, shotsMs };
}

test("the first shot is at once, or after the initial delay", async () => {
  const atOnce = track({}, () => true);
  const delayed = track({ initialDelaySeconds: 2 }, () => true);
  await vi.advanceTimersByTimeAsync(2_010);
  expect(atOnce.shotsMs[0]).toBeLessThanOrEqual(1);
  expect(delayed.shotsMs[0]).toBe(2_000);
});

test("a service that is up after 90 ms is seen at once, and not after a period", async () => {
  const { verdicts, tracker } = track({}, (ms) => ms >= 90);
  await vi.advanceTimersByTimeAsync(500);
  tracker.stop();
  expect(verdicts).toHaveLength(1);
  expect(Number(verdicts[0]?.match(/\d+/)?.[0])).toBeLessThanOrEqual(150);
});

test("failures count once a period, however often it is looked", async () => {
  const { verdicts, shotsMs } = track({ failureThreshold: 3, periodSeconds: 2 }, () => false);
  await vi.advanceTimersByTimeAsync(3_900);
  expect(shotsMs.length).toBeGreaterThan(10);
  expect(verdicts).toEqual([]);
  await vi.advanceTimersByTimeAsync(300);
  expect(verdicts).toHaveLength(1);
});

test("as many successes in a row as the threshold says, a period apart", async () => {
  const { verdicts } = track({ successThreshold: 3 }, (ms) => ms < 500 || ms >= 1_500);
  await vi.advanceTimersByTimeAsync(3_300);
  expect(verdicts).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(verdicts).toHaveLength(1);
});

test("shots keep their period and fall on common beats", async () => {
  await vi.advanceTimersByTimeAsync(17);
  const first = track({}, () => true);
  await vi.advanceTimersByTimeAsync(11);
  const second = track({}, () => true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(first.shotsMs.length).toBeGreaterThanOrEqual(10);
  expect(first.shotsMs.length).toBeLessThanOrEqual(11);
  expect((first.shotsMs[5] ?? 0) - (first.shotsMs[4] ?? 0)).toBe(1_000);
  expect((17 + (first.shotsMs[5] ?? 0)) % 50).toBe(0);
  expect((28 + (second.shotsMs[5] ?? 0)) % 50).toBe(0);
});
