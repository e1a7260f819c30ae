/** A module that is handed over again, mended: the new delivery and the one before say of each other that it is so. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { digests } from "../../test/support/digests.ts";
import { success } from "../../test/support/scripted-agents.ts";
import { createTestSystem, type TestSystem } from "../../test/support/system.ts";
import { renderDelivery } from "../domain/audit/report/render-delivery.ts";
import type { Subject } from "../domain/scope.ts";
import type { AgentContext, AgentOutcome } from "../ports/agent.ts";
import { requestChanges } from "./decide-release.ts";
import { getDelivery } from "./get-delivery.ts";
import { handOver } from "./hand-over.ts";
import { replayDelivery } from "./replay-delivery.ts";
import type { System } from "./system.ts";

let stage: TestSystem;
beforeEach(async () => {
  stage = await createTestSystem({ EvaluateRelease: evaluate });
});
afterEach(() => stage.close());

/** Asks for approval, and rejects what a person wants changed. */
async function evaluate(context: AgentContext): Promise<AgentOutcome> {
  const { environment = "", releaseId = "" } = context.invocation;
  const release = { releaseId, version: "1.0.0", environment };
  if (environment !== "production")
    return success(["ReleaseApproved", { ...release, reasons: [], digests: { ...digests } }]);
  const [refused] = await context.events("ApprovalRefused");
  if (refused === undefined) {
    const data = { ...release, roles: ["ReleaseManager"], minApprovers: 1, digests: { ...digests } };
    const emits = [{ name: "ApprovalRequested" as const, data }];
    return { status: "Delayed", summary: "waits", wakeOn: ["ApprovalRefused"], emits };
  }
  const { by, comment } = refused.data;
  const refusal = { code: "ApprovalRefused" as const, message: `${by} asks for changes: ${comment}` };
  const emits = [{ name: "ReleaseRejected" as const, data: { ...release, reasons: [refusal] } }];
  return { status: "Failed", retryable: false, refusal, emits };
}

const comment = "prices are <b>rounded</b> the wrong way";

async function reportOf(subject: Subject): Promise<string> {
  const events = await stage.system.store.events(subject);
  return renderDelivery({ subject, events }, () => undefined).text;
}

test("what was mended after a person asked for changes names what it takes the place of, and why", async () => {
  const { system, as, deliver, until } = stage;
  const first = await deliver();
  await until(first, (_, kind) => kind === "waiting");
  await requestChanges(system, as("max"), { releaseId: "release-000002", comment });
  await until(first, (_, kind) => kind !== "waiting" && kind !== "working");
  const second = await deliver();
  const asked = `max asks for changes: ${comment}`;
  expect(await getDelivery(system, as("jane"), second)).toMatchObject({
    supersedes: [{ traceId: first.traceId, asked }],
  });
  expect(await getDelivery(system, as("jane"), first)).toMatchObject({
    phase: "superseded",
    supersededBy: second.traceId,
  });
  expect(await reportOf(second)).toContain(
    `<p>In place of ${first.traceId}, which was rejected: max asks for changes: prices are &lt;b&gt;rounded`,
  );
  const [, rest = ""] = (await reportOf(first)).split("Everything else that was stated");
  expect(rest).toContain(`byTrace: ${second.traceId}`);
  expect(await replayDelivery(system, as("jane"), second)).toMatchObject({ same: true });
  // The same hand-over once more is the same delivery, with the links that it has.
  const source = { kind: "folder" as const, path: (await sourceOf(second)) ?? "" };
  const again = await handOver(system, as("jane"), { source, traceId: second.traceId });
  expect(again).toEqual({ subject: second, created: false });
});

test("what only waited is superseded without a reason, and a first delivery takes nobody's place", async () => {
  const { system, as, deliver, until } = stage;
  const first = await deliver();
  await until(first, (_, kind) => kind === "waiting");
  const second = await deliver();
  expect((await getDelivery(system, as("jane"), second)).supersedes).toEqual([{ traceId: first.traceId }]);
  const { supersedes, supersededBy } = await getDelivery(system, as("jane"), first);
  expect([supersedes, supersededBy]).toEqual([undefined, second.traceId]);
});

test("of two that are handed over at one moment, neither of which sees the other, the later one goes on", async () => {
  const { system, as, deliver, until } = stage;
  const path = (await sourceOf(await deliver())) ?? "";
  const source = { kind: "folder" as const, path };
  let arrived = 0;
  let open = () => {};
  const both = new Promise<void>((resolve) => {
    open = resolve;
  });
  const list: System["store"]["list"] = async (query) => {
    const found = await system.store.list(query);
    if (query.phase === "open" && ++arrived <= 2) {
      if (arrived === 2) open();
      await both;
    }
    return found;
  };
  const racing = { ...system, store: { ...system.store, list } };
  await Promise.all(
    ["trace-one", "trace-two"].map((traceId) => handOver(racing, as("jane"), { source, traceId })),
  );
  const found = await system.store.list({ tenantId: "vetclinic-001", limit: 10 });
  const [lost, last] = found
    .filter(({ subject }) => ["trace-one", "trace-two"].includes(subject.traceId))
    .toSorted((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
  if (lost === undefined || last === undefined) throw new Error("both were handed over");
  expect([lost.phase, last.phase]).toEqual(["superseded", "open"]);
  expect(await getDelivery(system, as("jane"), lost.subject)).toMatchObject({
    supersededBy: last.subject.traceId,
  });
  await until(last.subject, (_, kind) => kind === "waiting");
});

async function sourceOf(subject: Subject): Promise<string | undefined> {
  const source = (await stage.system.store.load(subject))?.handOver?.source;
  return source?.kind === "folder" ? source.path : undefined;
}
