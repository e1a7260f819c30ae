import { expect, test } from "vitest";
import { sampleHandOver } from "../../../test/support/agent-context.ts";
import { initialState } from "../../domain/delivery/delivery-state.ts";
import { genesis, sealEvent } from "../../domain/event/event.ts";
import { createMetrics } from "./count-metrics.ts";

const subject = { tenantId: "vetclinic-001", traceId: "trace-0001", moduleId: "booking-service" };
const countOf = (text: string, name: string) =>
  new RegExp(`^${name}\\{([^}]*)\\} (\\d+)$`, "m").exec(text)?.[2];

function proposed(data: object) {
  const release = { releaseId: "release-000001", version: "1.0.0", environment: "production", ...data };
  const draft = {
    source: "/agents/release-manager",
    environment: "production",
    releaseId: release.releaseId,
  };
  return sealEvent(
    subject,
    { ...draft, name: "ReleaseProposed", data: release },
    { after: genesis, time: "2025-05-23T10:00:00.000Z" },
  );
}

test("releases in compliance mode are counted, by the hand-over or by policy, and no others", async () => {
  const metrics = createMetrics({
    store: { events: async () => [] },
    gauges: async () => ({ states: [], queues: [] }),
  });
  const record = { subject, head: genesis, handOver: sampleHandOver(), state: initialState };
  const step = (handOver: typeof record.handOver, data: object = {}) =>
    metrics.observer.stepTaken({ record: { ...record, handOver }, events: [proposed(data)], artifacts: [] });
  step(record.handOver);
  expect(countOf(await metrics.text(), "release_compliance_mode_total")).toBeUndefined();
  step({ ...record.handOver, complianceMode: true });
  step(record.handOver, { compliance: "production is regulated" });
  expect(countOf(await metrics.text(), "release_compliance_mode_total")).toBe("2");
});

test("votes that were refused for want of a reason are counted by tenant", async () => {
  const metrics = createMetrics({
    store: { events: async () => [] },
    gauges: async () => ({ states: [], queues: [] }),
  });
  metrics.refused("UnauthorizedApprover", "vetclinic-001");
  expect(countOf(await metrics.text(), "approval_justification_missing_total")).toBeUndefined();
  metrics.refused("JustificationMissing", "vetclinic-001");
  expect(countOf(await metrics.text(), "approval_justification_missing_total")).toBe("1");
});
