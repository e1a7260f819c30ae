import { expect, test } from "vitest";
import type { DeliveryEvent } from "../../../domain/event/event.ts";
import { eventTypePrefix } from "../../../domain/event/event-name.ts";
import type { System } from "../../system.ts";
import type { ReleaseAtHand } from "./release-at-hand.ts";
import type { ReleaseChanges } from "./release-changes.ts";
import { riskFacts } from "./risk-facts.ts";

const system = {
  ledger: { history: async () => [] },
  clock: { now: () => new Date("2026-11-23T12:00:00Z") },
} as unknown as System;
const none = { added: [], removed: [], changed: [] };
const changes = {
  against: { version: "1.0.0", releaseId: "release-000001", traceId: "t", since: "2026-11-23T10:00:00Z" },
  ...{ code: null, sbom: null, policy: [], configuration: none, secrets: none },
} as unknown as ReleaseChanges;

async function sinceLast(...events: Partial<DeliveryEvent>[]): Promise<string | undefined> {
  const release = {
    ...{ environment: "production", releaseId: "release-000002", version: "1.1.0", events },
    record: { subject: { tenantId: "acme", traceId: "t", moduleId: "orders" } },
  } as unknown as ReleaseAtHand;
  const facts = await riskFacts(system, release, { changes, pending: null });
  return facts.find((one) => one.fact === "since-last")?.says;
}

test("what serves is told until the release has taken its place, and what had served from then on", async () => {
  expect(await sinceLast()).toBe("1.0.0 serves there for 2 h.");
  const type = `${eventTypePrefix}DeploymentCompleted`;
  const deployed = { type, releaseid: "release-000002", time: "2026-11-23T11:00:00Z", data: {} };
  expect(await sinceLast(deployed)).toBe("It took the place of 1.0.0, which had served there for 1 h.");
});
