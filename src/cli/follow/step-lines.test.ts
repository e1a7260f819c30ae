import { expect, test } from "vitest";
import type { DeliveryEvent } from "../../domain/event/event.ts";
import type { JsonObject } from "../../domain/json.ts";
import type { Cli } from "../cli.ts";
import { createStepLines } from "./step-lines.ts";

const plain = (text: string) => text;
const colors = { bold: plain, dim: plain, green: plain, red: plain, yellow: plain, cyan: plain };
const lineOf = createStepLines({ colors } as unknown as Cli);

function event(name: string, data: JsonObject): DeliveryEvent {
  const type = `com.connectsoft.delivery.${name}`;
  return { type, environment: "production", releaseid: "release-000004", data } as unknown as DeliveryEvent;
}

const asked = [{ code: "RollbackRequested", message: "max asked for it: prices are wrong" }];
const unhealthy = [{ code: "Unhealthy", message: "it ended with exit code 7" }];

test("what happened stands in words, with why, and no event is named as such", () => {
  const data = { releaseId: "release-000004", by: "max", reasons: asked };
  expect(lineOf(event("RollbackTriggered", data))).toBe(
    "● release-000004 is being rolled back in production: max asked for it: prices are wrong",
  );
  const frozen = [{ code: "FreezeActive", message: "production is frozen" }];
  expect(lineOf(event("ReleaseDelayed", { releaseId: "release-000004", reasons: frozen }))).toBe(
    "● release-000004 is held in production: FreezeActive: production is frozen",
  );
});

test("a rollback tells why once, and what nobody took back is told as a failure", () => {
  const back = { releaseId: "release-000004", recoverable: true, reasons: unhealthy };
  expect(lineOf(event("DeploymentFailed", back))).toBeUndefined();
  expect(lineOf(event("DeploymentFailed", { ...back, recoverable: false }))).toBe(
    "● release-000004 could not be deployed in production: Unhealthy: it ended with exit code 7",
  );
});

test("a rollout that ended with a rollback is marked as failed, and no other", () => {
  const by = (name: string, invocationid: string, data: JsonObject) => ({
    ...event(name, data),
    ...{ invocationid, agentid: "deployment-orchestrator", skillid: "DeployRelease" },
  });
  const done = { outcome: "Success", summary: "release-000004 has ended" };
  lineOf(by("RollbackTriggered", "one", { releaseId: "release-000004", reasons: unhealthy }));
  expect(lineOf(by("AgentCompleted", "one", done))).toMatch(/^✗ deployment-orchestrator DeployRelease/);
  expect(lineOf(by("AgentCompleted", "two", done))).toMatch(/^✓ deployment-orchestrator DeployRelease/);
});
