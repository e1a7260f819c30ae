import { describe, expect, test } from "vitest";
import { sampleHandOver } from "../../../test/support/agent-context.ts";
import { initialState } from "../../domain/delivery/delivery-state.ts";
import { genesis, sealEvent } from "../../domain/event/event.ts";
import { createLogger, createLogObserver } from "./log-events.ts";

const subject = { tenantId: "vetclinic-001", traceId: "trace-0001", moduleId: "booking-service" };

describe("logs", () => {
  test("are one JSON object a line with the contract's fields, and compliance in compliance mode", () => {
    const lines: string[] = [];
    const observer = createLogObserver(createLogger({ write: (line) => void lines.push(line) }));
    const event = sealEvent(
      subject,
      {
        name: "ApprovalGranted",
        source: "/cli",
        environment: "production",
        releaseId: "release-000001",
        data: { releaseId: "release-000001", by: "jane", digests: { policy: "sha256:1" } },
      },
      { after: genesis, time: "2025-05-23T10:00:00.000Z" },
    );
    const handOver = { ...sampleHandOver(), complianceMode: true };
    const record = { subject, head: genesis, handOver, state: initialState };
    observer.stepTaken({ record, events: [event], artifacts: [] });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      agent: "/cli",
      event: "ApprovalGranted",
      traceId: "trace-0001",
      releaseId: "release-000001",
      status: "Success",
      compliance: true,
      approver: "jane",
      policyVersion: "sha256:1",
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });

  test("cut out values that stand under the name of a secret", () => {
    const lines: string[] = [];
    const logger = createLogger({ write: (line) => void lines.push(line) });
    logger.info({ request: { headers: { authorization: "Bearer cst_abc" } }, token: "cst_def" }, "called");
    expect(lines.join("")).not.toMatch(/cst_/);
    expect(lines.join("")).toContain("[redacted]");
  });
});
