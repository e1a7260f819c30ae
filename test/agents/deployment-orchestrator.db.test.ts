import { writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { environmentPolicySchema } from "../../src/domain/tenant/tenant.ts";
import type { AgentOutcome } from "../../src/ports/agent.ts";
import { createRuntimeRig, greeter, names, place, type RuntimeRig, writtenJson } from "./runtime-rig.ts";

let rig: RuntimeRig;
beforeEach(async () => {
  rig = await createRuntimeRig();
});
afterEach(() => rig.dispose());

const crashesUnderTraffic = `
const http = require("node:http");
let seen = 0;
http.createServer((request, response) => {
  response.end("bad");
  seen += 1;
  if (seen === 4) process.exit(9);
}).listen(process.env.PORT, "127.0.0.1");
`;

test("the approved release starts, takes the traffic and leaves its summary", async () => {
  await rig.settings.setConfig(place, "LOG_LEVEL", "debug");
  await rig.settings.setSecret(place, "API_KEY", "s3cret-4711");
  const artifact = await rig.fixture.artifact({ "server.js": greeter("one") });
  const delivery = rig.delivery("trace-1", "1.0.0", artifact);
  await delivery.approve();
  const { outcome, context } = await delivery.deploy();

  expect(names(outcome)).toEqual(["DeploymentCompleted"]);
  expect(context.announced.map(({ name, data }) => [name, data.step ?? ""])).toEqual([
    ["DeploymentStarted", ""],
    ["RolloutProgressed", "start"],
    ["RolloutProgressed", "route"],
    ["RolloutProgressed", "verify"],
  ]);
  expect((await rig.ask()).body).toBe("one");
  expect(outcome.emits[0]?.data).toMatchObject({
    releaseId: "release-000001",
    version: "1.0.0",
    restartCount: 0,
  });
  const summary = writtenJson(context, "deployments/DeploymentSummary.json");
  expect(summary).toMatchObject({ status: "Success", attempts: 1, revision: artifact, previous: null });
  expect(summary.startupTimeMs).toBeGreaterThan(0);
  expect(summary.latencyMs).toBeGreaterThan(0);
  expect(parse(context.written["deployments/RollbackMap.yaml"] ?? "")).toEqual({
    module: "shop",
    previousVersion: null,
    currentAttempt: "1.0.0",
    lastKnownGood: "1.0.0",
    strategy: "blue-green",
    retryCount: 0,
    rollbackAllowed: true,
    rollbackMode: "automatic",
    codeOnly: false,
  });
  expect(await rig.ledger.current(place)).toMatchObject({ releaseId: "release-000001", outcome: "Deployed" });
  const env = JSON.parse((await rig.ask("/env")).body);
  expect(env).toMatchObject({
    LOG_LEVEL: "debug",
    API_KEY: "s3cret-4711",
    RELEASE_ID: "release-000001",
    TRACE_ID: "trace-1",
    MODULE_ID: "shop",
    ENVIRONMENT: "production",
  });
  expect(env.STORAGE_DIR).toBe(env.DATA_DIR);
});

test("a secret that the service prints is in no event, artifact or line", async () => {
  await rig.settings.setSecret(place, "API_KEY", "s3cret-4711");
  const loud = `console.log("key", process.env.API_KEY); process.exit(1);`;
  const delivery = rig.delivery("trace-1", "1.0.0", await rig.fixture.artifact({ "server.js": loud }));
  await delivery.approve();
  const { outcome, context } = await delivery.deploy();
  const told = JSON.stringify([outcome, context.written, context.announced, context.lines]);
  expect(told).toContain("key [redacted]");
  expect(told).not.toContain("s3cret-4711");
  expect(JSON.stringify(await rig.ledger.history(place))).not.toContain("s3cret-4711");
});

test("a repeated attempt finds its process, and records and moves nothing twice", async () => {
  const artifact = await rig.fixture.artifact({ "server.js": greeter("one") });
  const delivery = rig.delivery("trace-1", "1.0.0", artifact);
  await delivery.approve();
  await delivery.deploy({ invocationId: "same" });
  const [before] = await rig.fixture.target.list({ namespace: "acme-production", moduleId: "shop" });
  const { outcome } = await delivery.deploy({ invocationId: "same" });
  expect(names(outcome)).toEqual(["DeploymentCompleted"]);
  expect(
    (await rig.fixture.target.list({ namespace: "acme-production", moduleId: "shop" })).map(({ pid }) => pid),
  ).toEqual([before?.pid]);
  expect(await rig.ledger.history(place)).toHaveLength(1);
});

test("the release before is retired when the new one has proved itself", async () => {
  await rig.deployed("trace-1", "1.0.0", "one");
  const second = await rig.deployed("trace-2", "1.1.0", "two");
  expect((await rig.ask()).body).toBe("two");
  const releases = await rig.fixture.target.list({ namespace: "acme-production", moduleId: "shop" });
  expect(releases.map(({ version, state }) => [version, state])).toEqual([
    ["1.1.0", "serving"],
    ["1.0.0", "stopped"],
  ]);
  expect(second.events.at(-1)?.data).toMatchObject({
    replaced: { releaseId: "release-000001", traceId: "trace-1" },
  });
});

test("a release that nobody approved, or that was revoked since, is not deployed", async () => {
  const artifact = await rig.fixture.artifact({ "server.js": greeter("one") });
  const delivery = rig.delivery("trace-1", "1.0.0", artifact);
  await delivery.approve();
  delivery.tell("ReleaseRevoked", { releaseId: delivery.releaseId(), reasons: [] });
  const { outcome } = await delivery.deploy();
  expect(outcome).toMatchObject({ status: "Failed", refusal: { code: "QuorumNotMet" } });
  expect(names(outcome)).toEqual(["EscalationRaised"]);
  expect(await rig.fixture.target.list({ namespace: "acme-production", moduleId: "shop" })).toEqual([]);
});

test.each([
  ["configuration", (r: RuntimeRig) => r.settings.setConfig(place, "LOG_LEVEL", "trace")],
  ["secrets", (r: RuntimeRig) => r.settings.setSecret(place, "API_KEY", "another")],
  ["release policy", (r: RuntimeRig) => r.setPolicy(environmentPolicySchema.parse({ minApprovers: 2 }))],
])("%s changed after the approval send the release back to evaluation", async (what, change) => {
  const artifact = await rig.fixture.artifact({ "server.js": greeter("one") });
  const delivery = rig.delivery("trace-1", "1.0.0", artifact);
  await delivery.approve();
  await change(rig);
  const { outcome, context } = await delivery.deploy();
  expect(outcome.status).toBe("Success");
  expect(names(outcome)).toEqual(["ReleaseDelayed"]);
  expect(outcome.emits[0]?.data.reasons).toEqual([
    expect.objectContaining({ code: "DigestMismatch", message: expect.stringContaining(what) }),
  ]);
  expect(context.announced).toEqual([]);
  expect(await rig.fixture.target.list({ namespace: "acme-production", moduleId: "shop" })).toEqual([]);

  await delivery.approveAgain();
  expect(names((await delivery.deploy()).outcome)).toEqual(["DeploymentCompleted"]);
});

test("a dependency that was taken back after the approval holds the release, until one serves again", async () => {
  const mail = { ...place, moduleId: "mail" };
  rig.ports.traces = {
    async read(at) {
      const current = await rig.ledger.current(mail);
      const serving = current && { ...current, deployedAt: current.at, since: current.at };
      return { ...at, modules: [{ moduleId: "mail", known: true, ...(serving && { serving }) }] };
    },
  };
  const artifact = await rig.fixture.artifact({ "server.js": greeter("one") });
  const other = await rig.deployed("trace-0", "0.9.0", "zero");
  const [zero] = await rig.ledger.history(place);
  if (zero === undefined) throw new Error("nothing was deployed");
  const mailFact = { ...zero, ...mail, traceId: "trace-mail", releaseId: "release-000700", version: "3.0.0" };
  await rig.ledger.record({ ...mailFact, invocationId: "mail.1" });
  const delivery = rig.delivery("trace-1", "1.0.0", artifact, { dependsOn: ["mail"] });
  await delivery.approve();

  await rig.ledger.record({ ...mailFact, invocationId: "mail.2", outcome: "RolledBack" });
  const held = await delivery.deploy();
  expect(names(held.outcome)).toEqual(["ReleaseDelayed"]);
  expect(held.outcome.emits[0]?.data.reasons).toEqual([
    {
      code: "DependencyNotReady",
      message:
        "shop is not deployed to production before what it depends on: nothing of mail serves production.",
      next: "Deliver mail to production; this release goes on by itself then.",
    },
  ]);
  expect(held.context.announced).toEqual([]);
  expect((await rig.ask()).body).toBe("zero");
  expect(await rig.ledger.current(place)).toMatchObject({ releaseId: other.releaseId() });

  await rig.ledger.record({ ...mailFact, invocationId: "mail.3", outcome: "Restored" });
  expect(names((await delivery.deploy()).outcome)).toEqual(["DeploymentCompleted"]);
  expect((await rig.ask()).body).toBe("one");
});

test("a release that exits at once triggers a rollback while the old one serves on", async () => {
  await rig.deployed("trace-1", "1.0.0", "one");
  const broken = await rig.fixture.artifact({ "server.js": "process.exit(3)" });
  const delivery = rig.delivery("trace-2", "1.1.0", broken);
  await delivery.approve();
  const { outcome, context } = await delivery.deploy();
  expect(outcome.status).toBe("Success");
  expect(names(outcome)).toEqual(["RollbackTriggered"]);
  expect(writtenJson(context, "deployments/DeploymentSummary.json")).toMatchObject({
    status: "Failed",
    rollback: { version: "1.0.0" },
    exit: { code: 3 },
  });
  expect((await rig.ask()).body).toBe("one");

  const rolledBack = await delivery.rollBack();
  expect(names(rolledBack.outcome)).toEqual(["RollbackCompleted", "DeploymentFailed"]);
  expect(rolledBack.outcome.emits[0]?.data).toMatchObject({ restored: "1.0.0" });
  expect(rolledBack.context.announced).toEqual([]);
  expect((await rig.ask()).body).toBe("one");
  expect(await rig.ledger.current(place)).toMatchObject({ version: "1.0.0" });
  expect(await rig.ledger.isHeld(place, "1.1.0")).toMatchObject({
    reason: expect.stringContaining("exit code 3"),
  });
});

test("a release that crashes under traffic gives it back, and runtime, ledger and hold agree", async () => {
  await rig.deployed("trace-1", "1.0.0", "one");
  const delivery = rig.delivery(
    "trace-2",
    "1.1.0",
    await rig.fixture.artifact({ "server.js": crashesUnderTraffic }),
  );
  await delivery.approve();
  expect(names((await delivery.deploy()).outcome)).toEqual(["RollbackTriggered"]);
  const { outcome, context } = await delivery.rollBack();
  expect(names(outcome)).toEqual(["RollbackCompleted", "DeploymentFailed"]);
  expect((await rig.ask()).body).toBe("one");
  const [serving] = await rig.fixture.target.list({ namespace: "acme-production", moduleId: "shop" });
  expect(serving).toMatchObject({ state: "serving", version: "1.0.0" });
  expect(await rig.ledger.current(place)).toMatchObject({
    releaseId: serving?.releaseId,
    outcome: "Restored",
  });
  expect(await rig.ledger.isHeld(place, "1.0.0")).toBeUndefined();
  expect(writtenJson(context, "deployments/RollbackSummary.json")).toMatchObject({
    restored: { version: "1.0.0" },
  });
});

test("a person's rollback starts the retired release again with the settings that it ran with", async () => {
  await rig.settings.setConfig(place, "LEVEL", "old");
  await rig.settings.setSecret(place, "API_KEY", "old-secret");
  await rig.deployed("trace-1", "1.0.0", "one");
  await rig.settings.setConfig(place, "LEVEL", "new");
  await rig.settings.setSecret(place, "API_KEY", "new-secret");
  const second = await rig.deployed("trace-2", "1.1.0", "two");
  second.tell("RollbackRequested", { by: "jane", reason: "wrong prices" });
  const { outcome, context } = await second.rollBack({ invocationId: "by-hand" });
  expect(context.announced).toEqual([
    {
      name: "RollbackTriggered",
      data: expect.objectContaining({
        reasons: [{ code: "RollbackRequested", message: "jane asked for it: wrong prices" }],
      }),
    },
  ]);
  expect(names(outcome)).toEqual(["RollbackCompleted", "DeploymentFailed"]);
  expect(outcome.emits[1]?.data).toMatchObject({ recoverable: true, version: "1.1.0" });
  const env = JSON.parse((await rig.ask("/env")).body);
  expect(env).toMatchObject({ LEVEL: "old", API_KEY: "old-secret", RELEASE_ID: "release-000001" });
  const again = await second.rollBack({ invocationId: "by-hand" });
  expect(names(again.outcome)).toEqual(["RollbackCompleted", "DeploymentFailed"]);
  expect((await rig.ledger.history(place)).map(({ outcome }) => outcome)).toEqual([
    "Deployed",
    "Deployed",
    "RolledBack",
    "Restored",
  ]);
});

test("a first release that fails is stopped and nothing serves, as before", async () => {
  const broken = await rig.fixture.artifact({ "server.js": crashesUnderTraffic });
  const delivery = rig.delivery("trace-1", "1.0.0", broken);
  await delivery.approve();
  await delivery.deploy();
  const { outcome } = await delivery.rollBack();
  expect(outcome.emits[0]).toMatchObject({ name: "RollbackCompleted", data: { restored: null } });
  expect((await rig.ask()).status).toBe(503);
  expect(await rig.ledger.current(place)).toBeUndefined();
  expect(
    (await rig.fixture.target.list({ namespace: "acme-production", moduleId: "shop" }))[0]?.pid,
  ).toBeUndefined();
});

test("where policy allows no rollback, a person is called and nothing is taken back", async () => {
  rig.setPolicy(environmentPolicySchema.parse({ rollbackAllowed: false }));
  const first = await rig.deployed("trace-1", "1.0.0", "one");
  const broken = await rig.fixture.artifact({ "server.js": "process.exit(3)" });
  const delivery = rig.delivery("trace-2", "1.1.0", broken);
  await delivery.approve();
  const { outcome } = await delivery.deploy();
  expect(outcome).toMatchObject({ status: "Failed", refusal: { code: "RollbackNotAllowed" } });
  expect(names(outcome)).toEqual(["DeploymentFailed", "EscalationRaised"]);
  first.tell("RollbackRequested", { by: "jane" });
  expect((await first.rollBack()).outcome).toMatchObject({ refusal: { code: "RollbackNotAllowed" } });
  expect((await rig.ask()).body).toBe("one");
});

test("a rollback that cannot restore says so, and leaves what serves serving", async () => {
  const fragile = `if (require("node:fs").existsSync(process.env.STORAGE_DIR + "/gone")) process.exit(5);`;
  const artifact = await rig.fixture.artifact({ "server.js": fragile + greeter("one") });
  const first = rig.delivery("trace-1", "1.0.0", artifact);
  await first.approve();
  await first.deploy();
  const storage = JSON.parse((await rig.ask("/env")).body).STORAGE_DIR;
  const second = await rig.deployed("trace-2", "1.1.0", "two");
  await writeFile(`${storage}/gone`, "");
  second.tell("RollbackRequested", { by: "jane" });
  const { outcome } = await second.rollBack();
  expect(outcome).toMatchObject({ status: "Failed", refusal: { code: "RollbackImpossible" } });
  expect(names(outcome)).toEqual(["RollbackFailed", "EscalationRaised"]);
  expect((await rig.ask()).body).toBe("two");
  expect(await rig.ledger.current(place)).toMatchObject({ version: "1.1.0" });
});

test("two traces that deploy at once follow each other, and one release serves at the end", async () => {
  const deliveries: ReturnType<typeof rig.delivery>[] = [];
  for (const [i, greeting] of ["one", "two"].entries()) {
    const artifact = await rig.fixture.artifact({ "server.js": greeter(greeting) });
    const delivery = rig.delivery(`trace-${i + 1}`, `1.${i}.0`, artifact);
    // One after the other: what one applies makes the other's plan an old one, which is planned again.
    await delivery.approve();
    deliveries.push(delivery);
  }
  const outcomes = await Promise.all(deliveries.map((delivery) => delivery.deploy()));
  const [winner = 0] = outcomes.flatMap(({ outcome }, i) => (outcome.status === "Success" ? [i] : []));
  expect(outcomes[winner]?.outcome).toMatchObject({
    status: "Success",
    emits: [{ name: "DeploymentCompleted" }],
  });
  const waiting = outcomes[1 - winner]?.outcome;
  expect(waiting).toMatchObject({ status: "Delayed" });
  expect(waiting).toMatchObject({
    summary: expect.stringMatching(
      `^${deliveries[winner]?.releaseId()} of trace-${winner + 1} is being rolled out as shop in production until `,
    ),
  });
  const second = await deliveries[1 - winner]?.deploy();
  expect(names(second?.outcome as AgentOutcome)).toEqual(["DeploymentCompleted"]);
  const running = (await rig.fixture.target.list({ namespace: "acme-production", moduleId: "shop" })).filter(
    ({ pid }) => pid !== undefined,
  );
  expect(running).toHaveLength(1);
  expect(running[0]?.releaseId).toBe((await rig.ledger.current(place))?.releaseId);
});

test("an attempt that breaks off in the middle is taken up by the next one, with the same process", async () => {
  const late = `setTimeout(() => {${greeter("late")}}, 800)`;
  const delivery = rig.delivery("trace-1", "1.0.0", await rig.fixture.artifact({ "server.js": late }));
  await delivery.approve();
  const abort = new AbortController();
  const broken = delivery.deploy({ invocationId: "same", signal: abort.signal });
  const started = async () =>
    (await rig.fixture.target.list({ namespace: "acme-production", moduleId: "shop" }))[0]?.pid;
  await expect.poll(started).toBeDefined();
  const pid = await started();
  abort.abort(new Error("the worker stops"));
  await expect(broken).rejects.toThrow("the worker stops");
  expect(await rig.ledger.history(place)).toEqual([]);
  const { outcome } = await delivery.deploy({ invocationId: "same" });
  expect(names(outcome)).toEqual(["DeploymentCompleted"]);
  expect(await started()).toBe(pid);
  expect((await rig.ask()).body).toBe("late");
});
