import { describe, expect, it } from "vitest";
import { planTrace } from "./release-plan.ts";
import { type DeliveryFacts, type ModuleFacts, readinessOf, type TraceView } from "./trace-view.ts";

const traceId = "trace-1";
const handedOverAt = "2025-05-23T10:00:00.000Z";

function delivery(more: Partial<DeliveryFacts> = {}): DeliveryFacts {
  return {
    version: "2.0.0",
    dependsOn: [],
    goesHere: true,
    handedOverAt,
    states: ["deploying"],
    hasServed: false,
    ...more,
  };
}

function serving(of = traceId, deployedAt = "2025-05-23T11:00:00.000Z"): NonNullable<ModuleFacts["serving"]> {
  return { releaseId: "release-000001", version: "2.0.0", traceId: of, deployedAt, since: deployedAt };
}

function view(...modules: (Partial<ModuleFacts> & { moduleId: string })[]): TraceView {
  return { traceId, environment: "staging", modules: modules.map((one) => ({ known: true, ...one })) };
}

const statusOf = (facts: Partial<ModuleFacts>) =>
  readinessOf(view({ moduleId: "accounts", ...facts } as ModuleFacts), "accounts").status;

describe("a dependency of the same trace", () => {
  it("is ready when what this trace delivers of it serves, and not for an older release", () => {
    expect(statusOf({ delivery: delivery(), serving: serving() })).toBe("ready");
    expect(statusOf({ delivery: delivery(), serving: serving("trace-0", "2025-05-01T00:00:00.000Z") })).toBe(
      "waiting",
    );
    expect(statusOf({ delivery: delivery() })).toBe("waiting");
  });

  it("is ready when a newer trace took its place, and not where it was rolled back to an older one", () => {
    const newer = serving("trace-2");
    expect(statusOf({ delivery: delivery({ hasServed: true }), serving: newer })).toBe("ready");
    expect(statusOf({ delivery: delivery({ over: "superseded" }), serving: newer })).toBe("ready");
    const failure = { id: "event-7", message: "never ready" };
    expect(
      statusOf({ delivery: delivery({ failure }), serving: serving("trace-0", "2025-05-01T00:00:00.000Z") }),
    ).toBe("failed");
  });

  it("has failed when it was rolled back, rejected or cancelled, with the way on", () => {
    const failure = { id: "event-7", message: "it never became ready" };
    const failed = readinessOf(view({ moduleId: "accounts", delivery: delivery({ failure }) }), "accounts");
    expect(failed).toMatchObject({ status: "failed", failureId: "event-7" });
    expect(failed.words).toBe("accounts 2.0.0 of this trace failed in staging: it never became ready");
    expect(failed).toMatchObject({
      next: expect.stringContaining("connectsoft explain trace-1 --module accounts"),
    });
    expect(statusOf({ delivery: delivery({ over: "cancelled" }) })).toBe("failed");
  });

  it("is waited for while it is rolled back, and is there again where that failed and it serves still", () => {
    const live = delivery({ states: ["live"], hasServed: true });
    const of = (facts: DeliveryFacts) =>
      readinessOf(view({ moduleId: "accounts", delivery: facts, serving: serving() }), "accounts");
    const before = of(live);
    const during = of({ ...live, states: ["rolling_back"] });
    expect(during).toMatchObject({ status: "waiting" });
    expect(during.words).toBe("accounts 2.0.0 of this trace is being rolled back in staging");
    const failure = { id: "event-9", message: "the host is away" };
    const after = of({ ...live, states: ["rollback_failed"], failure });
    expect([before.status, after.status]).toEqual(["ready", "ready"]);
    expect(after).not.toMatchObject({ occurrence: "occurrence" in before && before.occurrence });
  });

  it("counts by what serves where the trace does not bring it here", () => {
    expect(statusOf({ delivery: delivery({ goesHere: false }), serving: serving("trace-0") })).toBe("ready");
  });
});

describe("a dependency outside of the trace", () => {
  it("is ready where any release serves, waited for where none does, and unknown where there never was one", () => {
    expect(statusOf({ serving: serving("trace-0") })).toBe("ready");
    expect(statusOf({})).toBe("waiting");
    expect(statusOf({ known: false })).toBe("unknown");
    expect(readinessOf(view(), "accounts").status).toBe("unknown");
  });
});

describe("the plan of a trace", () => {
  it("says where each module stands, and what it waits for", () => {
    const plan = planTrace(
      view(
        { moduleId: "shop", delivery: delivery({ dependsOn: ["orders", "mail"], states: ["delayed"] }) },
        { moduleId: "orders", delivery: delivery({ dependsOn: ["accounts"] }) },
        { moduleId: "accounts", delivery: delivery({ states: ["live"] }), serving: serving() },
        { moduleId: "mail", known: false },
      ),
    );
    expect(plan.waves).toEqual([["accounts"], ["orders"], ["shop"]]);
    expect(plan.modules.map(({ moduleId, wave, state }) => [moduleId, wave, state])).toEqual([
      ["accounts", 1, "live"],
      ["orders", 2, "ahead"],
      ["shop", 3, "waiting"],
    ]);
    expect(plan.outside).toMatchObject([{ moduleId: "mail", requiredBy: ["shop"], ready: false }]);
    expect(plan.cycle).toBeNull();
  });

  it("names a circle and leaves what stands in it out of the waves", () => {
    const plan = planTrace(
      view(
        { moduleId: "a", delivery: delivery({ dependsOn: ["b"] }) },
        { moduleId: "b", delivery: delivery({ dependsOn: ["a"] }) },
        { moduleId: "c", delivery: delivery() },
      ),
    );
    expect(plan).toMatchObject({ cycle: ["a", "b", "a"], waves: [["c"]] });
    expect(plan.modules[0]).toMatchObject({ wave: null });
  });
});
