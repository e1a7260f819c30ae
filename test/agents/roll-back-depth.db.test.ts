/** Rollbacks that have more to take back than traffic: data, settings, shares of others, and bytes that are gone. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { createDeploymentOrchestrator } from "../../src/agents/deployment-orchestrator/agent.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import type { ModuleSpec } from "../../src/domain/module/module-spec.ts";
import { type RefusalError, refuse } from "../../src/domain/refusal.ts";
import { environmentPolicySchema } from "../../src/domain/tenant/tenant.ts";
import { createRuntimeRig, greeter, names, place, type RuntimeRig, writtenJson } from "./runtime-rig.ts";

const here = { namespace: "acme-production", moduleId: "shop" };
let rig: RuntimeRig;
beforeEach(async () => {
  rig = await createRuntimeRig();
});
afterEach(() => rig.dispose());

test("a migration is undone after the traffic is back, and once", async () => {
  await rig.deployed("trace-1", "1.0.0", "one");
  const bad = await migrated({ before: { ...step("add"), undo: ["node", "data.js", "remove"] } });
  expect((await rig.ask("/counted")).body).toBe('["add"]');
  let during: Promise<Record<string, number>> | undefined;
  bad.tell("RollbackRequested", { by: "jane", reason: "wrong prices" });
  const { outcome, context } = await bad.rollBack({
    invocationId: "once",
    onLine: (line) => {
      if (line === "running `node data.js remove`") during = weights();
    },
  });
  expect(await during).toEqual({ "1.0.0": 100 });
  expect((await rig.ask("/counted")).body).toBe('["add","remove"]');
  expect(outcome.emits[0]?.data).toMatchObject({ codeOnly: false });
  expect(writtenJson(context, "deployments/RollbackSummary.json").steps).toContain(
    "`node data.js add` was taken back",
  );
  await bad.rollBack({ invocationId: "once" });
  expect((await rig.ask("/counted")).body).toBe('["add","remove"]');
});

test.each([
  ["that has no way back", {}, "`node data.js add` has no way back: what it did to the data stays"],
  [
    "whose way back fails",
    { undo: ["node", "data.js", "remove", "3"] },
    "`node data.js add` stays: `node data.js remove 3` failed with exit code 3; its last line: did remove",
  ],
])("a migration %s leaves a rollback of the code alone, in words", async (_, undo, sentence) => {
  await rig.deployed("trace-1", "1.0.0", "one");
  const bad = await migrated({ before: { ...step("add"), ...undo } });
  bad.tell("RollbackRequested", { by: "jane", reason: "wrong prices" });
  const { outcome, context } = await bad.rollBack();
  const words = { codeOnly: true, notUndone: [sentence] };
  expect(outcome.emits[0]).toMatchObject({ name: "RollbackCompleted", data: words });
  expect(parse(context.written["deployments/RollbackMap.yaml"] ?? "")).toMatchObject(words);
  expect(writtenJson(context, "deployments/RollbackSummary.json")).toMatchObject(words);
  expect((await rig.ask()).body).toBe("one");
});

test("in the middle of a rolling rollout, all instances of what served are back", async () => {
  roll({ strategy: "rolling" });
  const first = await approved("trace-1", "1.0.0", { "server.js": greeter("one") }, { replicas: 3 });
  await first.deploy();
  const bad = await approved("trace-2", "1.1.0", { "server.js": greeter("two") }, { replicas: 3 });
  const stop = new AbortController();
  const instances = async () =>
    ((await rig.fixture.target.list(here)).find(({ version }) => version === "1.0.0")?.instances ?? [])
      .map(({ state }) => state)
      .filter((state) => state !== "stopped");
  const rollout = bad.deploy({
    signal: stop.signal,
    onLine: (line) => line.startsWith("7/") && stop.abort(new Error("the worker stops")),
  });
  await expect(rollout).rejects.toThrow("the worker stops");
  expect((await instances()).length).toBeLessThan(3);
  bad.tell("RollbackRequested", { by: "jane", reason: "slow" });
  expect(names((await bad.rollBack()).outcome)).toContain("RollbackCompleted");
  expect(await weights()).toEqual({ "1.0.0": 100 });
  expect(await instances()).toEqual(["ready", "ready", "ready"]);
});

test("a module with a port of its own is taken back, one after the other", async () => {
  // Below the range that systems take ports for outgoing connections from.
  const port = 20_000 + Math.floor(Math.random() * 12_000);
  const own = (greeting: string) => ({
    "server.js": greeter(greeting).replace("process.env.PORT", String(port)),
  });
  const fixed = { fixedPort: true, port };
  await (await approved("trace-1", "1.0.0", own("one"), fixed)).deploy();
  const bad = await approved("trace-2", "1.1.0", own("two"), fixed);
  await bad.deploy();
  expect((await rig.ask()).body).toBe("two");
  bad.tell("RollbackRequested", { by: "jane", reason: "slow" });
  expect(names((await bad.rollBack()).outcome)).toContain("RollbackCompleted");
  expect((await rig.ask()).body).toBe("one");
  expect(await weights()).toEqual({ "1.0.0": 100 });
});

test("configuration and secrets come back as they were, in the process itself", async () => {
  await rig.settings.setConfig(place, "GREETING", "hello");
  await rig.settings.setSecret(place, "API_KEY", "old-secret");
  await rig.deployed("trace-1", "1.0.0", "one");
  await rig.settings.setConfig(place, "GREETING", "goodbye");
  await rig.settings.setSecret(place, "API_KEY", "new-secret");
  const bad = await rig.deployed("trace-2", "1.1.0", "two");
  const told = async () => JSON.parse((await rig.ask("/env")).body);
  expect(await told()).toMatchObject({ GREETING: "goodbye", API_KEY: "new-secret" });
  // Gone, not only without traffic: it has to be started again.
  await rig.fixture.target.retire({ ...here, releaseId: "release-000001" });
  bad.tell("RollbackRequested", { by: "jane", reason: "slow" });
  expect(names((await bad.rollBack()).outcome)).toContain("RollbackCompleted");
  expect(await told()).toMatchObject({ GREETING: "hello", API_KEY: "old-secret" });
});

test("with the old bytes gone, the release that is to go is named as what serves, with the commands that help", async () => {
  await rig.deployed("trace-1", "1.0.0", "one");
  const bad = await rig.deployed("trace-2", "1.1.0", "two");
  await rig.fixture.target.retire({ ...here, releaseId: "release-000001" });
  const [first] = await rig.ledger.history(place);
  await rm(join(rig.fixture.directory, "..", "artifacts", String(first?.artifact.slice(-16))), {
    recursive: true,
  });
  bad.tell("RollbackRequested", { by: "jane", reason: "slow" });
  const { outcome } = await bad.rollBack();
  expect(names(outcome)).toEqual(["RollbackFailed", "EscalationRaised"]);
  expect(outcome.emits[0]?.data).toMatchObject({
    releaseId: "release-000002",
    running: [expect.objectContaining({ version: "1.1.0", traffic: true, state: "serving" })],
  });
  expect(JSON.stringify(outcome.emits[0]?.data.reasons)).toMatch(/release-000001 \(1\.0\.0\)|sha256:/);
  const next = String(outcome.emits[1]?.data.next);
  expect(next).toMatch(/^Now 1\.1\.0 \(release-000002\) is serving and has the traffic\./);
  for (const command of ["connectsoft failure", "studio request-rollback", "connectsoft deliver"])
    expect(next).toContain(command);
  expect((await rig.ask()).body).toBe("two");
  expect(await rig.ledger.isHeld(place, "1.1.0")).toBeUndefined();
  expect(await rig.ledger.current(place)).toMatchObject({ version: "1.1.0" });
});

test("where the old release's target is away for good, people are told what was tried and what serves", async () => {
  rig.ports.runtimeOf = async () => ({ target: "container" });
  await rig.deployed("trace-1", "1.0.0", "one");
  rig.ports.runtimeOf = async () => ({ target: "process" });
  const bad = await rig.deployed("trace-2", "1.1.0", "two");
  await rig.fixture.target.retire({ ...here, releaseId: "release-000001" });
  const start = async () => {
    throw refuse("Unavailable", "No container engine answers here.", "Install podman: connectsoft doctor");
  };
  rig.ports.targetFor = (name) =>
    name === "container" ? { ...rig.fixture.target, start } : rig.fixture.target;
  bad.tell("RollbackRequested", { by: "jane", reason: "slow", code: "latency" });
  const refused = await bad.rollBack().then(
    ({ outcome }) => Promise.reject(new Error(outcome.status)),
    (error: RefusalError) => error.refusal,
  );
  expect(refused).toMatchObject({ code: "Unavailable" });
  expect((await rig.ask()).body).toBe("two");
  const invocation = { invocationId: "trace-2.9", skillId: "RollBack", instance: "production" };
  bad.tell("AgentInvoked", { ...invocation, agentId: "deployment-orchestrator", fsmState: "rolling_back" });
  bad.tell("AgentFailed", { invocationId: "trace-2.9", attempt: 6, ...refused });
  const { outcome } = await bad.run(rig.orchestrator, "ReportRollbackFailure");
  expect(names(outcome)).toEqual(["RollbackFailed", "EscalationRaised"]);
  expect(outcome.emits[0]?.data).toMatchObject({
    releaseId: "release-000002",
    reasons: [{ code: "Unavailable", message: expect.stringContaining("No container engine answers here.") }],
    tried: [
      'attempt 6: It broke off at "start release-000001 (1.0.0) with its own settings": No container engine answers here.',
    ],
    running: [expect.objectContaining({ version: "1.1.0", traffic: true, state: "serving" })],
    causes: [{ code: "RollbackRequested", message: "jane asked for it (latency): slow" }],
  });
  expect(outcome.emits[1]?.data.next).toMatch(
    /^Now 1\.1\.0 \(release-000002\) is serving and has the traffic\. .*studio request-rollback release-000002 --code latency/,
  );
});

test("a rollback of what serves does not wait for a canary beside it, and the canary begins anew", async () => {
  await rig.deployed("trace-1", "1.0.0", "one");
  const bad = await rig.deployed("trace-2", "1.1.0", "two");
  roll({ strategy: "canary", canary: [{ weight: 30, pause: "promoted" }] });
  const canary = await approved("trace-3", "1.2.0", { "server.js": greeter("three") });
  expect((await canary.deploy({ invocationId: "canary" })).outcome.status).toBe("Delayed");
  expect(await weights()).toEqual({ "1.1.0": 70, "1.2.0": 30 });
  bad.tell("RollbackRequested", { by: "jane", reason: "slow" });
  const { outcome } = await bad.rollBack();
  expect(outcome.emits[0]?.data).toMatchObject({ restored: "1.0.0", interrupted: true });
  expect(await weights()).toEqual({ "1.0.0": 100 });
  canary.tell("RolloutPromoted", { by: "jane" });
  const stopped = await canary.deploy({ invocationId: "canary" });
  expect(names(stopped.outcome)).toEqual(["ReleaseDelayed"]);
  expect(stopped.outcome).toMatchObject({ summary: expect.stringContaining("lost shop in production") });
  expect(await weights()).toEqual({ "1.0.0": 100 });
  expect((await running()).map(({ version }) => version)).toEqual(["1.0.0"]);
  expect(await rig.ledger.isHeld(place, "1.2.0")).toBeUndefined();
});

test("a canary that is being watched stops when what serves beside it is rolled back", async () => {
  await rig.deployed("trace-1", "1.0.0", "one");
  const bad = await rig.deployed("trace-2", "1.1.0", "two");
  roll({ strategy: "canary", canary: [{ weight: 30, pause: "20s" }] });
  const canary = await approved("trace-3", "1.2.0", { "server.js": greeter("three") });
  let watched = () => {};
  const watching = new Promise<void>((resolve) => {
    watched = resolve;
  });
  const rollout = canary.deploy({ onLine: (line) => line.includes("watch 1.2.0 with 30 %") && watched() });
  await watching;
  bad.tell("RollbackRequested", { by: "jane", reason: "slow" });
  const [rolledBack, stopped] = await Promise.all([bad.rollBack(), rollout]);
  expect(names(rolledBack.outcome)).toContain("RollbackCompleted");
  expect(names(stopped.outcome)).toEqual(["ReleaseDelayed"]);
  expect(await weights()).toEqual({ "1.0.0": 100 });
});

test("a rollback that was killed keeps its place for no longer than half a minute", async () => {
  await rig.deployed("trace-1", "1.0.0", "one");
  const bad = await rig.deployed("trace-2", "1.1.0", "two");
  bad.tell("RollbackRequested", { by: "jane", reason: "slow" });
  let leftMs = 0;
  const killed = createDeploymentOrchestrator({
    ...rig.ports,
    releases: {
      ...rig.ledger,
      history: async () => {
        const lease = await rig.ledger.leaseOf(place);
        leftMs = Date.parse(lease?.expiresAt ?? "") - Date.now();
        throw new Error("killed");
      },
    },
  });
  await expect(bad.run(killed, "RollBack")).rejects.toThrow("killed");
  expect(leftMs).toBeGreaterThan(0);
  expect(leftMs).toBeLessThanOrEqual(31_000);
});

test("a version that goes back for another's sake, or because its delivery was cancelled, is not held", async () => {
  await rig.deployed("trace-1", "1.0.0", "one");
  for (const [version, why] of [
    ["1.1.0", { wholeTrace: { failed: "till 2.0.0 (release-000012)", rest: [] } }],
    ["1.2.0", { cancelled: true }],
  ] as [string, JsonObject][]) {
    const good = await rig.deployed(`trace-${version}`, version, "two");
    good.tell("RollbackRequested", { by: "release-policy", reason: "of no fault", ...why });
    expect(names((await good.rollBack()).outcome)).toContain("RollbackCompleted");
    expect(await weights()).toEqual({ "1.0.0": 100 });
    expect(await rig.ledger.isHeld(place, version)).toBeUndefined();
  }
});

type Delivery = ReturnType<RuntimeRig["delivery"]>;

function roll(rollout: object): void {
  rig.setPolicy(environmentPolicySchema.parse({ rollout: { verification: { window: "0s" }, ...rollout } }));
}

async function approved(
  traceId: string,
  version: string,
  files: Record<string, string>,
  more: Partial<ModuleSpec> = {},
): Promise<Delivery> {
  const delivery = rig.delivery(traceId, version, await rig.fixture.artifact(files), more);
  await delivery.approve();
  return delivery;
}

async function migrated(migrate: NonNullable<ModuleSpec["migrate"]>): Promise<Delivery> {
  const files = { "server.js": greeter("two"), "data.js": data };
  const delivery = await approved("trace-2", "1.1.0", files, { migrate });
  expect(names((await delivery.deploy()).outcome)).toEqual(["DeploymentCompleted"]);
  return delivery;
}

function step(name: string) {
  return { run: ["node", "data.js", name], timeoutSeconds: 20 };
}

/** Of the releases that have traffic. */
async function weights(): Promise<Record<string, number>> {
  const serving = (await rig.fixture.target.list(here)).filter(({ traffic }) => traffic);
  return Object.fromEntries(serving.map(({ version, weight }) => [version, weight ?? 100]));
}

async function running() {
  return (await rig.fixture.target.list(here)).filter(({ pid }) => pid !== undefined);
}

const data = `
const [, , name, code = "0"] = process.argv;
require("node:fs").appendFileSync(process.env.STORAGE_DIR + "/counted", name + "\\n");
console.log("did " + name);
process.exit(Number(code));
`;
