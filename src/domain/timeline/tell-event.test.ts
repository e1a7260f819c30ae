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
});
