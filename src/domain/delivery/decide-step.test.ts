import { describe, expect, test } from "vitest";
import { createStepDriver, namesOf, type StepDriver } from "../../../test/support/step-driver.ts";
import { verifyChain } from "../event/event.ts";
import type { EventName } from "../event/event-catalogue.ts";
import type { JsonObject } from "../json.ts";

const delayed = (wakeOn: EventName[], until?: string) => ({
  end: { status: "Delayed" as const, summary: "waits", wakeOn, ...(until !== undefined && { until }) },
});
const emits = (name: EventName, data: JsonObject) => ({ emits: [{ name, data }] });
const failed = (retryable: boolean) => ({
  end: { status: "Failed" as const, refusal: { code: "Unavailable", message: "away" }, retryable },
});
const code = "preparing.code.committing";

/** From hand-over to the first environment. */
function promote(driver: StepDriver): void {
  for (const state of [
    code,
    "preparing.code.opening_pull_request",
    "preparing.infrastructure.provisioning_ahead",
  ])
    driver.end(state);
  for (const state of ["generating_pipeline", "building", "testing", "scanning", "merging"])
    driver.end(state);
}

/** From proposed to live, in the environment that is open. */
function deploy(driver: StepDriver, releaseId: string): void {
  const release = { releaseId, version: "1.0.0" };
  driver.end("proposed", emits("ReleaseProposed", release));
  driver.end("planning_infrastructure");
  driver.end("planning_rollout");
  driver.end("evaluation", emits("ReleaseApproved", { ...release, reasons: [], digests: digests() }));
  driver.end("provisioning");
  driver.end("deploying", emits("DeploymentCompleted", release));
}

describe("ids", () => {
  test("a fact that is stated twice in one append stands on the chain once", () => {
    const driver = createStepDriver();
    const draft = { id: "once", name: "ModuleGenerated" as const, source: "/upstream/x", data: {} };
    expect(namesOf(driver.take({ kind: "append", drafts: [draft, draft] }))).toEqual(["ModuleGenerated"]);
  });

  test("nobody outside may take an id that the engine would give", () => {
    const driver = createStepDriver();
    const { invocationId } = driver.open(code);
    const next = driver.record().head.sequence + 1;
    for (const id of [
      `${invocationId}.1.0`,
      `${invocationId}.1.end`,
      `vetclinic-001/trace-step/booking-service#${next}`,
    ])
      expect(() => driver.tell("ModuleGenerated", {}, { id })).toThrow("the form of the engine's own ids");
  });

  test("a result that is handed in twice is one fact, and no late one", () => {
    const driver = createStepDriver();
    const { invocationId, attempt } = driver.open(code);
    const again = { kind: "result" as const, result: resultOf(invocationId, attempt) };
    driver.take(again);
    const { head } = driver.record();
    expect(namesOf(driver.take(again))).toEqual([]);
    expect(driver.record().head).toEqual(head);
  });

  test("a late result is recorded once, and changes nothing", () => {
    const driver = createStepDriver();
    const { invocationId } = driver.open(code);
    driver.take({ kind: "lost", invocationId, attempt: 1, worker: "7" });
    const before = driver.record().state;
    const late = { kind: "result" as const, result: resultOf(invocationId, 1) };
    expect(driver.take(late).events).toMatchObject([{ data: { late: true, attempt: 1 } }]);
    expect(namesOf(driver.take(late))).toEqual([]);
    expect(driver.record().state).toEqual(before);
    driver.end(code);
    expect(driver.states()).toContain("delivery: preparing.code.opening_pull_request");
  });
});

describe("statements from outside", () => {
  test.each([
    ["AgentCompleted", { invocationId: "x", attempt: 1, outcome: "Success" }, "stated by the engine alone"],
    ["FlowStarted", { instance: "staging", flow: "f", flowDigest: "d" }, "stated by the engine alone"],
    ["NoSuchEvent", {}, "no event"],
    ["CommitReady", { commit: "c" }, "data.tree"],
    ["FlowMoved", { instance: "delivery", to: "nowhere", by: "jane", reason: "" }, "has no state nowhere"],
    ["FlowMoved", { instance: "moon", to: "live", by: "jane", reason: "" }, "there is no flow moon here"],
  ])("%s %j is refused", (name, data, why) => {
    const driver = createStepDriver();
    expect(() => driver.tell(name as EventName, data as JsonObject)).toThrow(why);
  });

  test("an announcement of an attempt that is not awaited any more is refused", () => {
    const driver = createStepDriver();
    const { invocationId } = driver.open(code);
    const announce = (attempt: number) =>
      driver.take({
        kind: "announce",
        invocationId,
        attempt,
        draft: { id: `${invocationId}.x.0`, name: "CommitReady", source: "/agents/x", data: {} },
      });
    expect(namesOf(announce(1))).toEqual(["CommitReady"]);
    expect(namesOf(announce(1))).toEqual([]);
    driver.take({ kind: "lost", invocationId, attempt: 1, worker: "7" });
    expect(() => announce(1)).toThrow("is not awaited any more");
  });

  test("a flow whose states call each other for ever is stopped", () => {
    const driver = createStepDriver({
      flow: `states:
  waiting: { on: { ModuleReady: waiting2, ModuleGenerated: ping } }
  waiting2: { on: { ModuleGenerated: ping } }
  ping: { emit: TestsGenerated, on: { TestsGenerated: pong } }
  pong: { emit: ScanCompleted, on: { ScanCompleted: ping } }
`,
    });
    expect(() => driver.tell("ModuleGenerated", {})).toThrow("more than 1000 events in one step");
  });
});

describe("an invocation that waits", () => {
  test("runs again when its event comes, as another attempt", () => {
    const driver = createStepDriver();
    driver.end(code, delayed(["TestsGenerated"]));
    expect(driver.open(code)).toMatchObject({ attempt: 2, dueAt: null });
    driver.tell("ModuleGenerated", {});
    expect(driver.open(code)).toMatchObject({ attempt: 2, dueAt: null });
    driver.tell("TestsGenerated", {});
    expect(driver.open(code)).toMatchObject({ attempt: 3, dueAt: "2025-05-23T10:00:00.000Z" });
  });

  test("runs again at once when its event came while the attempt was still running", () => {
    const driver = createStepDriver();
    driver.tell("TestsGenerated", {});
    driver.end(code, delayed(["TestsGenerated"]));
    expect(driver.open(code).dueAt).toBe("2025-05-23T10:00:00.000Z");
    driver.end(code, delayed(["TestsGenerated"]));
    expect(driver.open(code).dueAt).toBeNull();
  });

  test("is not woken by what it has emitted itself", () => {
    const driver = createStepDriver();
    driver.end(code, { ...delayed(["TestsGenerated"]), ...emits("TestsGenerated", {}) });
    expect(driver.open(code).dueAt).toBeNull();
  });

  test("is not given out a second time by an event when its time has come", () => {
    const driver = createStepDriver();
    driver.end(code, delayed(["TestsGenerated"], "2025-05-23T10:00:01.000Z"));
    driver.pass(1_000);
    driver.tell("TestsGenerated", {});
    expect(driver.open(code)).toMatchObject({ attempt: 2, dueAt: "2025-05-23T10:00:01.000Z" });
    driver.end(code, delayed(["TestsGenerated"], "2025-05-23T11:00:00.000Z"));
    expect(driver.open(code)).toMatchObject({ attempt: 3, dueAt: "2025-05-23T10:00:01.000Z" });
  });

  test("is woken before its time by its event", () => {
    const driver = createStepDriver();
    driver.end(code, delayed(["TestsGenerated"], "2025-05-23T11:00:00.000Z"));
    driver.tell("TestsGenerated", {});
    expect(driver.open(code)).toMatchObject({ attempt: 3, dueAt: "2025-05-23T10:00:00.000Z", wakeOn: [] });
  });
});

describe("a delivery that is over", () => {
  test("takes up all that it awaited when a person moves it, not only what they named", () => {
    const driver = createStepDriver();
    driver.end("preparing.infrastructure.provisioning_ahead", failed(true));
    driver.tell("DeliveryCancelled", { by: "jane" });
    expect(driver.record().state).toMatchObject({ phase: "cancelled", invocations: {}, timers: {} });
    driver.tell("FlowMoved", { instance: "delivery", to: code, by: "jane", reason: "again" });
    expect(driver.record().state).not.toHaveProperty("suspended");
    expect(driver.open(code)).toMatchObject({ attempt: 1 });
    expect(driver.open("preparing.infrastructure.provisioning_ahead")).toMatchObject({
      attempt: 3,
      retries: 1,
    });
    promote(driver);
    expect(driver.states()).toEqual(["delivery: promoting", "staging: proposed"]);
  });

  test("keeps its timers for that day", () => {
    const driver = createStepDriver();
    promote(driver);
    driver.end("proposed", emits("ReleaseProposed", { releaseId: "release-000001", version: "1" }));
    driver.end("planning_infrastructure");
    driver.end("planning_rollout");
    const until = "2025-05-23T11:00:00.000Z";
    driver.end(
      "evaluation",
      emits("ReleaseDelayed", { releaseId: "release-000001", version: "1", reasons: [], until }),
    );
    driver.tell("DeliverySuperseded", { byTrace: "trace-2" });
    driver.tell("DeliveryCancelled", { by: "jane" });
    driver.pass(7_200_000);
    expect(namesOf(driver.take({ kind: "timer", timer: "staging/delayed#until" }))).toEqual([]);
    driver.tell("FlowMoved", { instance: "delivery", to: "promoting", by: "jane", reason: "again" });
    driver.take({ kind: "timer", timer: "staging/delayed#until" });
    expect(driver.states()).toEqual(["delivery: promoting", "staging: evaluation"]);
  });
});

describe("promotion", () => {
  test("enters each environment once the one before it has been deployed", () => {
    const driver = createStepDriver({ environments: ["dev", "staging", "production"] });
    promote(driver);
    deploy(driver, "release-000001");
    deploy(driver, "release-000002");
    deploy(driver, "release-000003");
    expect(driver.states()).toEqual([
      "delivery: published",
      "dev: live",
      "staging: live",
      "production: live",
    ]);
    expect(verifyChain(driver.events)).toMatchObject({ intact: true });
  });

  test("does not pass over an environment that is not deployed when an earlier one is deployed again", () => {
    const driver = createStepDriver({ environments: ["dev", "staging", "production"] });
    promote(driver);
    deploy(driver, "release-000001");
    expect(driver.states()).toEqual(["delivery: promoting", "dev: live", "staging: proposed"]);
    driver.tell("DeploymentCompleted", { releaseId: "release-000001", version: "1" }, { environment: "dev" });
    expect(driver.states()).toEqual(["delivery: promoting", "dev: live", "staging: proposed"]);
  });

  test("goes the whole path again after a rebuild", () => {
    const driver = createStepDriver();
    promote(driver);
    deploy(driver, "release-000001");
    deploy(driver, "release-000002");
    driver.tell("RebuildPipelineRequested", { by: "jane" });
    for (const state of ["generating_pipeline", "building", "testing", "scanning", "merging"])
      driver.end(state);
    expect(driver.states()).toEqual(["delivery: promoting", "staging: proposed", "production: live"]);
    deploy(driver, "release-000003");
    expect(driver.states()).toEqual(["delivery: promoting", "staging: live", "production: proposed"]);
    deploy(driver, "release-000004");
    expect(driver.states()).toEqual(["delivery: published", "staging: live", "production: live"]);
  });

  test("is not begun anew by a person who only moves the delivery back to it", () => {
    const driver = createStepDriver();
    promote(driver);
    deploy(driver, "release-000001");
    driver.tell("FlowMoved", { instance: "delivery", to: "promoting", by: "jane", reason: "again" });
    expect(driver.states()).toEqual(["delivery: promoting", "staging: live", "production: proposed"]);
  });
});

function resultOf(invocationId: string, attempt: number) {
  const end = { status: "Success" as const, summary: "done" };
  return { invocationId, attempt, durationMs: 1, emits: [], artifacts: [], end };
}

function digests(): JsonObject {
  const digest = `sha256:${"a".repeat(64)}`;
  const bytes = [
    "artifact",
    "rolloutPlan",
    "infrastructurePlan",
    "configuration",
    "secretVersions",
    "policy",
  ];
  return { commit: "c", tree: "t", ...Object.fromEntries(bytes.map((name) => [name, digest])) };
}
