import { expect, test } from "vitest";
import {
  currentOf,
  type DeploymentFact,
  type DeploymentOutcome,
  lastKnownGoodOf,
} from "./deployment-facts.ts";

function facts(...pairs: [string, DeploymentOutcome][]): DeploymentFact[] {
  return pairs.map(([releaseId, outcome]) => ({ releaseId, outcome }));
}

test("nothing serves where nothing was deployed", () => {
  expect(currentOf([])).toBeUndefined();
  expect(lastKnownGoodOf([], "r1")).toBeUndefined();
  expect(currentOf(facts(["r1", "Failed"]))).toBeUndefined();
});

test("the newest deployment serves, and the one before it is what a rollback goes back to", () => {
  const history = facts(["r1", "Deployed"], ["r2", "Deployed"]);
  expect(currentOf(history)?.releaseId).toBe("r2");
  expect(lastKnownGoodOf(history, "r2")?.releaseId).toBe("r1");
  expect(lastKnownGoodOf(history, "r1")).toBeUndefined();
});

test("a release that failed leaves what served as current and as known good", () => {
  const history = facts(["r1", "Deployed"], ["r2", "Failed"]);
  expect(currentOf(history)?.releaseId).toBe("r1");
  expect(lastKnownGoodOf(history, "r2")?.releaseId).toBe("r1");
});

test("a rolled back release is never gone back to", () => {
  const history = facts(
    ["r1", "Deployed"],
    ["r2", "Deployed"],
    ["r2", "RolledBack"],
    ["r1", "Restored"],
    ["r3", "Deployed"],
  );
  expect(lastKnownGoodOf(history, "r3")?.releaseId).toBe("r1");
  expect(currentOf(facts(["r1", "Deployed"], ["r1", "RolledBack"]))).toBeUndefined();
});

test("nothing serves after the environment was destroyed, and what is deployed anew goes back to nothing older", () => {
  const before = facts(["r1", "Deployed"], ["r2", "Deployed"], ["r2", "Destroyed"]);
  expect(currentOf(before)).toBeUndefined();
  expect(lastKnownGoodOf(before, "r3")).toBeUndefined();
  const after = [...before, ...facts(["r3", "Deployed"])];
  expect(currentOf(after)?.releaseId).toBe("r3");
  expect(lastKnownGoodOf(after, "r3")).toBeUndefined();
});

test("a restored release serves again, and what it replaced once is behind it", () => {
  const history = facts(
    ["r1", "Deployed"],
    ["r2", "Deployed"],
    ["r3", "Deployed"],
    ["r3", "RolledBack"],
    ["r2", "Restored"],
  );
  expect(currentOf(history)).toEqual({ releaseId: "r2", outcome: "Restored" });
  expect(lastKnownGoodOf(history, "r2")?.releaseId).toBe("r1");
});
