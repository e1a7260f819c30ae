import { describe, expect, test } from "vitest";
import { type DeliveryEvent, type EventDraft, genesis, sealEvent } from "../event/event.ts";
import { tellEvent } from "./tell-event.ts";

const told = (draft: Pick<EventDraft, "name" | "data"> & Partial<EventDraft>) =>
  tellEvent(
    sealEvent(
      { tenantId: "acme", traceId: "trace-1", moduleId: "booking" },
      { source: "/studio", ...draft },
      { after: genesis, time: "2026-11-22T10:00:00.000Z" },
    ) as DeliveryEvent,
  );

describe("an event as a person reads it", () => {
  test("gives a reason that it says already no second time", () => {
    const reasons = [
      { code: "FreezeOverrideNotAllowed", message: "sam may not." },
      { code: "FreezeActive", message: "It is frozen." },
    ];
    const { what, why } = told({
      name: "EscalationRaised",
      data: { what: "release-000001 stays frozen: sam may not.", who: ["StudioApprover"], next: "", reasons },
    });
    expect(what).toBe("release-000001 stays frozen: sam may not.");
    expect(why).toBe("FreezeActive: It is frozen.");
  });

  test("says whose approval it waits for once", () => {
    const asks = "ProductOwner, and Auditor";
    const data = {
      ...{ releaseId: "release-000001", asks, roles: [] },
      reasons: [
        { code: "QuorumNotMet", message: `production asks for approval by ${asks}; none so far.` },
        { code: "FreezeActive", message: "It is frozen." },
      ],
    };
    const first = told({ name: "ApprovalRequested", data: { ...data, open: asks } });
    expect(first.what).toBe("release-000001 waits for approval by ProductOwner, and Auditor.");
    expect(first.why).toBe("FreezeActive: It is frozen.");
    const second = told({ name: "ApprovalRequested", data: { ...data, open: "Auditor" } });
    expect(second.what).toBe("release-000001 waits for approval by Auditor.");
    expect(second.why).toBe("FreezeActive: It is frozen.");
  });

  test("says why a word does not count, and each step of a rollout by its number once", () => {
    const message = "jane handed this change over and cannot approve it.";
    const data = { releaseId: "release-000001", by: "jane", code: "SelfApproval", message };
    expect(told({ name: "ApprovalVoided", data }).why).toBe(message);
    const step = { index: 1, of: 3, summary: "1/3 start 1 instance of 1.0.0" };
    expect(told({ name: "RolloutProgressed", data: step }).what).toBe(
      "Step 1 of 3 of the rollout: start 1 instance of 1.0.0.",
    );
  });

  test("leaves the names that it begins with as they are", () => {
    expect(told({ name: "SponsorChanged", data: { from: "ada", to: "max" } }).what).toBe(
      "max took over from ada.",
    );
    expect(
      told({ name: "DependencyDeployed", data: { releaseId: "release-000001", moduleId: "stock" } }).what,
    ).toBe("stock serves.");
    expect(told({ name: "SignatureAdded", data: { producer: "cosign" } }).what).toBe(
      "cosign signed what was built.",
    );
    expect(told({ name: "ApprovalGranted", data: { by: "ada" } }).what).toBe("Approved by ada.");
  });

  test("leaves a person's name as it is, and tells a moment in words", () => {
    const until = "2026-11-23T12:00:35.565Z";
    const off = { name: "RetryDelayed", environment: "production", data: { by: "max", until } } as const;
    expect(told(off).what).toBe("max put the next attempt in production off until 2026-11-23 12:00 UTC.");
    expect(told({ ...off, data: { by: "max" } }).what).toBe(
      "max asked for the next attempt in production at once.",
    );
  });
});
