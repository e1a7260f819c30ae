import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestSystem, type TestSystem } from "../../../test/support/system.ts";
import type { Subject } from "../../domain/scope.ts";
import { quickProbes } from "../../ports/target.conformance.ts";
import { showPlace } from "./show-place.ts";

let stage: TestSystem;
let subject: Subject;
beforeAll(async () => {
  stage = await createTestSystem();
  subject = await stage.deliver();
  await stage.until(subject, (_sentence, kind) => kind === "waiting");
});
afterAll(() => stage.close());

const show = (environment: string, moduleId = subject.moduleId) =>
  showPlace(stage.system, stage.as("jane"), { environment, moduleId, deliveries: 50 });

describe("a place", () => {
  test("shows the release that serves by the ledger, with the delivery and the approvals that brought it", async () => {
    const { tenantId, moduleId, traceId } = subject;
    const release = { releaseId: "release-000001", version: "1.0.0", artifact: `sha256:${"0".repeat(64)}` };
    await stage.system.ledger.record({
      ...{
        ...release,
        tenantId,
        moduleId,
        traceId,
        environment: "staging",
        outcome: "Deployed",
        reasons: [],
      },
      ...{ at: "2026-01-01T00:00:00.000Z", invocationId: "inv-1" },
      spec: {
        ...{
          ...release,
          namespace: "vetclinic-001-staging",
          moduleId,
          start: ["node", "x.js"],
          hosts: [],
        },
        ...{
          portVariable: "PORT",
          probes: quickProbes("/health"),
          startupTimeoutMs: 1_000,
          configuration: {},
          secrets: [],
        },
      },
    });
    const { serving, running, releases } = await show("staging");
    expect(serving).toMatchObject({ ...release, subject, since: "2026-01-01T00:00:00.000Z" });
    expect(running).toEqual([]);
    expect(releases).toMatchObject([{ releaseId: "release-000001", state: { word: "live" }, subject }]);
  });

  test("shows what is on its way where nothing serves yet", async () => {
    const { serving, running, releases } = await show("production");
    expect(serving).toBeUndefined();
    expect(running).toEqual([]);
    expect(releases).toMatchObject([{ releaseId: "release-000002", state: { word: "needs-approval" } }]);
  });

  test.each([
    ["moon", "booking-service"],
    ["staging", "nothing-of-ours"],
  ])("refuses %s of %s, which there is not", async (environment, moduleId) => {
    await expect(show(environment, moduleId)).rejects.toMatchObject({ refusal: { code: "NotFound" } });
  });

  test("is not another tenant's", async () => {
    const other = { ...stage.as("jane"), tenantId: "somebody-else" };
    await expect(
      showPlace(stage.system, other, { environment: "staging", moduleId: subject.moduleId, deliveries: 50 }),
    ).rejects.toMatchObject({ refusal: { code: "NotFound" } });
  });
});
