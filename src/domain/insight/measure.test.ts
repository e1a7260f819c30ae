import { describe, expect, test } from "vitest";
import { measure, type ReleaseFacts, rollbackHeat, series } from "./measure.ts";

const week = { from: "2025-05-19T00:00:00.000Z", to: "2025-05-26T00:00:00.000Z" };
const hour = 60 * 60 * 1_000;

let nth = 0;
function release(facts: Partial<ReleaseFacts>): ReleaseFacts {
  nth += 1;
  const place = { environment: "production", moduleId: "shop", sponsor: "jane" };
  return { releaseId: `release-${nth}`, ...place, ...facts };
}

const good = release({
  committedAt: "2025-05-19T08:00:00.000Z",
  askedAt: "2025-05-19T09:00:00.000Z",
  approvedAt: "2025-05-19T09:30:00.000Z",
  deployedAt: "2025-05-19T10:00:00.000Z",
});
const takenBack = release({
  committedAt: "2025-05-20T08:00:00.000Z",
  deployedAt: "2025-05-20T12:00:00.000Z",
  failedAt: "2025-05-20T13:00:00.000Z",
  restoredAt: "2025-05-20T13:15:00.000Z",
});
const neverServed = release({ failedAt: "2025-05-21T10:00:00.000Z" });
const mended = release({ committedAt: "2025-05-21T11:00:00.000Z", deployedAt: "2025-05-21T12:00:00.000Z" });
const waits = release({ askedAt: "2025-05-22T09:00:00.000Z" });
const all = [good, takenBack, neverServed, mended, waits];

describe("the measures of delivery", () => {
  test("count what was deployed, and how long it took from the commit", () => {
    const { deployments, deploymentsPerDay, leadTimeMs } = measure(all, week);
    expect(deployments).toBe(3);
    expect(deploymentsPerDay).toBeCloseTo(3 / 7);
    expect(leadTimeMs).toEqual({ p50: 2 * hour, p90: 4 * hour, count: 3 });
  });

  test("rate failures and rollbacks by what was tried, which a release that waits was not", () => {
    const { failures, changeFailureRate, rollbacks, rollbackRate } = measure(all, week);
    expect({ failures, changeFailureRate, rollbacks, rollbackRate }).toEqual({
      ...{ failures: 2, changeFailureRate: 0.5, rollbacks: 1, rollbackRate: 0.25 },
    });
  });

  test("take a failure as over when the release before serves again, or the next one does", () => {
    expect(measure(all, week).recoveryTimeMs).toEqual({ p50: hour / 4, p90: 2 * hour, count: 2 });
    const elsewhere = release({ moduleId: "desk", failedAt: "2025-05-20T10:00:00.000Z" });
    expect(measure([...all, elsewhere], week).recoveryTimeMs?.count).toBe(2);
  });

  test("say how long people were waited for, once they have answered", () => {
    expect(measure(all, week).approvalWaitMs).toEqual({ p50: hour / 2, p90: hour / 2, count: 1 });
  });

  test("say nothing of what there is none of", () => {
    expect(measure([], week)).toMatchObject({
      ...{
        deployments: 0,
        leadTimeMs: null,
        changeFailureRate: null,
        recoveryTimeMs: null,
        rollbackRate: null,
      },
    });
  });
});

test("a series has a point for each day, or each week from Monday, also where nothing happened", () => {
  const days = series(all, week, "day");
  expect(days.map(({ at }) => at.slice(0, 10))).toEqual([
    ...["2025-05-19", "2025-05-20", "2025-05-21", "2025-05-22", "2025-05-23", "2025-05-24", "2025-05-25"],
  ]);
  expect(days.map(({ deployments }) => deployments)).toEqual([1, 1, 1, 0, 0, 0, 0]);
  expect(series(all, { ...week, from: "2025-05-21T15:00:00.000Z" }, "week")).toMatchObject([
    { at: "2025-05-19T00:00:00.000Z", deployments: 3 },
  ]);
});

test("rollbacks are shown where and when they were", () => {
  expect(rollbackHeat(all)).toEqual({
    modules: [{ moduleId: "shop", week: "2025-05-19T00:00:00.000Z", rollbacks: 1, tried: 4 }],
    hours: [{ weekday: 2, hour: 13, rollbacks: 1 }],
  });
});
