/** Rollouts by every strategy, on real processes behind the real router, interrupted wherever they can be. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { environmentPolicySchema } from "../../src/domain/tenant/tenant.ts";
import { createRuntimeRig, greeter, names, place, type RuntimeRig, writtenJson } from "./runtime-rig.ts";

const here = { namespace: "acme-production", moduleId: "shop" };

let rig: RuntimeRig;
beforeEach(async () => {
  rig = await createRuntimeRig({ verifyMs: null });
});
afterEach(() => rig.dispose());

test("a canary waits for a person, holds the place meanwhile, and goes on by its own clock after that", async () => {
  const canary = [
    { weight: 25, pause: "promoted" },
    { weight: 50, pause: "40s" },
  ];
  roll({ strategy: "canary", canary });
  await rig.deployed("trace-1", "1.0.0", "one");
  const next = await approved("trace-2", "1.1.0", { "server.js": greeter("two") });
  const paused = await next.deploy({ invocationId: "canary" });
  expect(paused.outcome).toMatchObject({
    status: "Delayed",
    wakeOn: ["RolloutPromoted"],
    summary: expect.stringContaining("connectsoft promote trace-2 --env production"),
  });
  expect(await weights()).toEqual({ "1.0.0": 75, "1.1.0": 25 });
  expect(new Set(await answers(40))).toEqual(new Set(["one", "two"]));

  const third = await approved("trace-3", "1.2.0", { "server.js": greeter("three") });
  expect((await third.deploy()).outcome).toMatchObject({
    status: "Delayed",
    summary: expect.stringMatching(/^release-000002 of trace-2 is being rolled out/),
  });

  next.tell("RolloutPromoted", { by: "jane" });
  const second = await next.deploy({ invocationId: "canary" });
  expect(second.outcome).toMatchObject({ status: "Delayed", summary: expect.stringContaining("has 50 %") });
  expect(await weights()).toEqual({ "1.0.0": 50, "1.1.0": 50 });
  // Woken early: what was promoted before promotes nothing more, and the pause is not waited again.
  expect((await next.deploy({ invocationId: "canary" })).outcome.status).toBe("Delayed");
  rig.advance(40_000);
  const done = await next.deploy({ invocationId: "canary" });
  expect(names(done.outcome)).toEqual(["DeploymentCompleted"]);
  expect(await weights()).toEqual({ "1.1.0": 100 });
  const summary = writtenJson(done.context, "deployments/DeploymentSummary.json");
  expect(summary).toMatchObject({ strategy: "canary", attempts: 1, weight: 100 });
  expect((summary.steps as { step: string }[]).map(({ step }) => step)).toEqual([
    "start",
    "route",
    "pause",
    "route",
    "pause",
    "route",
    "verify",
    "retire",
  ]);
});

test("a canary that dies in a long pause is noticed when the invocation looks, and the rollback takes its share", async () => {
  roll({ strategy: "canary", canary: [{ weight: 25, pause: "1h" }] });
  await rig.deployed("trace-1", "1.0.0", "one");
  const next = await approved("trace-2", "1.1.0", { "server.js": greeter("two") });
  const { outcome } = await next.deploy({ invocationId: "canary" });
  expect(outcome.status).toBe("Delayed");
  const canary = (await rig.fixture.target.list(here)).find(({ version }) => version === "1.1.0");
  process.kill(canary?.pid ?? 0, "SIGKILL");
  await expect.poll(async () => (await release("1.1.0"))?.restartCount).toBe(1);
  await expect.poll(async () => (await release("1.1.0"))?.state).toBe("serving");
  const seen = await next.deploy({ invocationId: "canary" });
  expect(names(seen.outcome)).toEqual(["RollbackTriggered"]);
  expect(seen.outcome).toMatchObject({ summary: expect.stringContaining("was started again 1 times") });
  expect(names((await next.rollBack()).outcome)).toContain("RollbackCompleted");
  expect(await weights()).toEqual({ "1.0.0": 100 });
});

test("a release that is revoked in the middle stops at once, and leaves what a rollback understands", async () => {
  roll({ strategy: "canary", canary: [{ weight: 40, pause: "15s" }] });
  await rig.deployed("trace-1", "1.0.0", "one");
  const next = await approved("trace-2", "1.1.0", { "server.js": greeter("two") });
  const abort = new AbortController();
  const rollout = next.deploy({
    signal: abort.signal,
    onLine: (line) => line.includes("watch 1.1.0 with 40 %") && abort.abort(new Error("abandoned")),
  });
  await expect(rollout).rejects.toThrow("abandoned");
  expect(await weights()).toEqual({ "1.0.0": 60, "1.1.0": 40 });
  next.tell("ReleaseRevoked", { releaseId: next.releaseId(), reasons: [] });
  expect(names((await next.rollBack()).outcome)).toContain("RollbackCompleted");
  expect(await weights()).toEqual({ "1.0.0": 100 });
  expect(await rig.ledger.current(place)).toMatchObject({ version: "1.0.0" });
});

test("an attempt that is killed at any step is gone on with there: nothing is done twice, nothing left out", async () => {
  const checks = [{ name: "self-test", command: ["node", "count.js", "checked"] }];
  roll({ strategy: "canary", canary: [{ weight: 50, pause: "1s" }], verification: { window: "1s", checks } });
  const first = await approved("trace-0", "1.0.0", { "server.js": greeter("one"), "count.js": counts });
  expect(names((await first.deploy()).outcome)).toEqual(["DeploymentCompleted"]);
  const steps = ["migrate", "start", "route", "pause", "route", "check", "verify", "retire", "after"];
  for (const [index, step] of steps.entries()) {
    const version = `1.${index + 1}.0`;
    const migrate = {
      before: { run: ["node", "count.js", `before-${index}`], undo: ["node", "-e", "0"], timeoutSeconds: 20 },
      after: { run: ["node", "count.js", `after-${index}`], timeoutSeconds: 20 },
    };
    const files = { "server.js": greeter(version), "count.js": counts };
    const next = await approved(`trace-${index + 1}`, version, files, { migrate });
    const abort = new AbortController();
    const killed = next.deploy({
      invocationId: `rollout-${index}`,
      signal: abort.signal,
      onLine: (line) => line.startsWith(`${index + 1}/`) && abort.abort(new Error(`killed at ${step}`)),
    });
    await expect(killed).rejects.toThrow(`killed at ${step}`);
    const { outcome } = await next.deploy({ invocationId: `rollout-${index}` });
    expect(names(outcome), step).toEqual(["DeploymentCompleted"]);
    const progress = next.events.filter(({ name }) => name === "RolloutProgressed");
    expect(
      progress.map(({ data }) => data.step),
      step,
    ).toEqual(steps);
    expect(await weights()).toEqual({ [version]: 100 });
    const [ran] = (await answers(1, "/counted")).map((body) => JSON.parse(body) as string[]);
    expect(ran?.filter((name) => name.endsWith(`-${index}`))).toEqual([`before-${index}`, `after-${index}`]);
  }
});

test("a failed attempt gives the traffic back, waits, and the next one may succeed", async () => {
  roll({ retry: { limit: 1, backoff: "30s" } });
  await rig.deployed("trace-1", "1.0.0", "one");
  const next = await approved("trace-2", "1.1.0", { "server.js": failsOnce + greeter("two") });
  const first = await next.deploy({ invocationId: "retried" });
  expect(first.outcome).toMatchObject({
    status: "Delayed",
    summary: expect.stringMatching(/exit code 3.*attempt 2 of 2 begins in 30 s/),
  });
  expect(await weights()).toEqual({ "1.0.0": 100 });
  // Woken before its time it waits on.
  expect((await next.deploy({ invocationId: "retried" })).outcome.status).toBe("Delayed");
  rig.advance(30_000);
  const { outcome, context } = await next.deploy({ invocationId: "retried" });
  expect(names(outcome)).toEqual(["DeploymentCompleted"]);
  expect(writtenJson(context, "deployments/DeploymentSummary.json")).toMatchObject({ attempts: 2 });
  expect(parse(context.written["deployments/RollbackMap.yaml"] ?? "")).toMatchObject({ retryCount: 1 });
  expect(await weights()).toEqual({ "1.1.0": 100 });
});

test("when the last attempt has failed as well, the rollback is triggered", async () => {
  roll({ retry: { limit: 1, backoff: "1s" } });
  await rig.deployed("trace-1", "1.0.0", "one");
  const next = await approved("trace-2", "1.1.0", { "server.js": "process.exit(3)" });
  expect((await next.deploy({ invocationId: "retried" })).outcome.status).toBe("Delayed");
  rig.advance(1_000);
  const { outcome } = await next.deploy({ invocationId: "retried" });
  expect(outcome.emits).toEqual([
    { name: "RollbackTriggered", data: expect.objectContaining({ attempts: 2 }) },
  ]);
  expect((await rig.ask()).body).toBe("one");
});

test("a check that fails under traffic is a failure, and what it found is kept", async () => {
  const checks = [
    { name: "greets", http: { path: "/", contains: "two" } },
    { name: "migrated", http: { path: "/missing", status: 404 } },
  ];
  roll({ verification: { window: "0s", checks } });
  const next = await approved("trace-2", "1.1.0", { "server.js": greeter("two") });
  const { outcome, context } = await next.deploy();
  expect(names(outcome)).toEqual(["RollbackTriggered"]);
  expect(outcome).toMatchObject({
    summary:
      "release-000001 of shop does not pass the check migrated: GET /missing answered 200, 404 was expected",
  });
  expect(writtenJson(context, "deployments/DeploymentSummary.json")).toMatchObject({
    status: "Failed",
    checks: [{ check: "greets", passed: true }],
    reasons: [{ code: "CheckFailed" }],
  });
});

test("errors under traffic decide in the verification window", async () => {
  await rig.deployed("trace-1", "1.0.0", "one");
  roll({ verification: { window: "20s", maxErrorRate: 0.1, minRequests: 10 } });
  const ill = 'if (request.url === "/bad") response.statusCode = 500;';
  const failing = greeter("two").replace(
    /if \(request.url === "\/crash"\)/,
    `${ill} if (request.url === "/crash")`,
  );
  const next = await approved("trace-2", "1.1.0", { "server.js": failing });
  let watching = false;
  const rollout = next.deploy({
    onLine: (line) => {
      watching ||= line.includes("watch 1.1.0");
    },
  });
  await expect.poll(() => watching).toBe(true);
  await answers(30, "/bad");
  const { outcome } = await rollout;
  expect(names(outcome)).toEqual(["RollbackTriggered"]);
  expect(outcome).toMatchObject({
    summary: expect.stringMatching(/% of \d+ requests failed, at most 10 % may/),
  });
});

test("where policy holds the rollback, a failed rollout stays as it is and says what a person can do", async () => {
  const checks = [{ name: "greets", http: { path: "/", contains: "welcome" } }];
  const verification = { window: "0s", checks: [] as typeof checks };
  rig.setPolicy(environmentPolicySchema.parse({ rollback: { mode: "held" }, rollout: { verification } }));
  await rig.deployed("trace-1", "1.0.0", "one");
  rig.setPolicy(
    environmentPolicySchema.parse({
      rollback: { mode: "held" },
      rollout: { verification: { ...verification, checks } },
    }),
  );
  const next = await approved("trace-2", "1.1.0", { "server.js": greeter("two") });
  const { outcome } = await next.deploy();
  expect(names(outcome)).toEqual(["DeploymentFailed", "EscalationRaised"]);
  expect(outcome.emits[0]?.data).toMatchObject({ recoverable: false });
  expect(outcome.emits[1]?.data.next).toBe(
    "It still has 100 % of the traffic. Roll back: studio request-rollback release-000002; or deliver a version that mends it: connectsoft deliver <folder>",
  );
  expect(await weights()).toEqual({ "1.1.0": 100 });
});

test("a migration that fails before the traffic is taken back, and what serves is untouched", async () => {
  await rig.deployed("trace-1", "1.0.0", "one");
  const migrate = {
    before: {
      run: ["node", "count.js", "before", "4"],
      undo: ["node", "count.js", "undone"],
      timeoutSeconds: 20,
    },
  };
  roll({ retry: { limit: 3, backoff: "1s" } });
  const next = await approved(
    "trace-2",
    "1.1.0",
    { "server.js": greeter("two"), "count.js": counts },
    { migrate },
  );
  const { outcome, context } = await next.deploy({ invocationId: "migrated" });
  expect(names(outcome)).toEqual(["RollbackTriggered"]);
  expect(outcome).toMatchObject({
    summary:
      "the migration `node count.js before 4` failed with exit code 4; its last line: counted before; `node count.js undone` took it back",
  });
  expect(context.lines.join("\n")).toContain("running `node count.js before 4`");
  expect(await weights()).toEqual({ "1.0.0": 100 });
  expect(await rig.ledger.migrations(place, "release-000002")).toMatchObject([
    { phase: "before", state: "Undone" },
  ]);
  expect(JSON.parse((await rig.ask("/counted")).body)).toEqual(["before", "undone"]);
});

test("a migration that fails after the traffic calls a person and takes nothing back", async () => {
  await rig.deployed("trace-1", "1.0.0", "one");
  const migrate = { after: { run: ["node", "count.js", "after", "5"], timeoutSeconds: 20 } };
  const next = await approved(
    "trace-2",
    "1.1.0",
    { "server.js": greeter("two"), "count.js": counts },
    { migrate },
  );
  const { outcome } = await next.deploy();
  expect(names(outcome)).toEqual(["EscalationRaised", "DeploymentCompleted"]);
  expect(outcome.emits[0]?.data.what).toContain("`node count.js after 5` failed with exit code 5");
  expect(await weights()).toEqual({ "1.1.0": 100 });
});

test("a rolling rollout replaces the instances one by one, and no request fails", async () => {
  roll({ strategy: "rolling" });
  const replicas = { replicas: 3 };
  const first = await approved("trace-1", "1.0.0", { "server.js": greeter("one") }, replicas);
  await first.deploy();
  expect((await release("1.0.0"))?.instances).toHaveLength(3);
  const next = await approved("trace-2", "1.1.0", { "server.js": greeter("two") }, replicas);
  const load = keepAsking();
  const { outcome, context } = await next.deploy();
  expect(names(outcome)).toEqual(["DeploymentCompleted"]);
  const { failed, asked } = await load.stop();
  expect({ failed, some: asked > 10 }).toEqual({ failed: [], some: true });
  expect(await weights()).toEqual({ "1.1.0": 100 });
  const summary = writtenJson(context, "deployments/DeploymentSummary.json");
  expect(summary).toMatchObject({ strategy: "rolling", restartCount: 0 });
  expect((summary.instances as unknown[]).length).toBe(3);
  expect((summary.healthStatus as { instance: number }[]).map(({ instance }) => instance)).toContain(2);
});

test("a module with a port of its own is recreated, and comes back where its new version fails", async () => {
  roll({ strategy: "canary", retry: { limit: 1, backoff: "1s" } });
  const port = 20_000 + Math.floor(Math.random() * 12_000);
  const stubborn = (greeting: string) => greeter(greeting).replace("process.env.PORT", String(port));
  const fixed = { fixedPort: true, port };
  const first = await approved("trace-1", "1.0.0", { "server.js": stubborn("one") }, fixed);
  expect(names((await first.deploy()).outcome)).toEqual(["DeploymentCompleted"]);
  const second = await approved("trace-2", "1.1.0", { "server.js": stubborn("two") }, fixed);
  expect(names((await second.deploy()).outcome)).toEqual(["DeploymentCompleted"]);
  expect(parse(second.memory["deployments/RolloutPlan.yaml"] ?? "").why).toContain(
    "recreate instead of canary",
  );
  expect((await rig.ask()).body).toBe("two");
  const broken = await approved("trace-3", "1.2.0", { "server.js": "process.exit(3)" }, fixed);
  expect((await broken.deploy()).outcome.status).toBe("Delayed");
  expect((await rig.ask()).body).toBe("two");
});

test.each(["canary", "rolling"])(
  "what served and is dead does not hold up a %s rollout of what mends it",
  async (strategy) => {
    roll({ strategy, canary: [{ weight: 40, pause: "1s" }] });
    const first = await approved("trace-1", "1.0.0", { "server.js": greeter("one") }, { replicas: 2 });
    await first.deploy();
    await rig.fixture.target.retire({ ...here, releaseId: "release-000001" });
    const next = await approved("trace-2", "1.1.0", { "server.js": greeter("two") }, { replicas: 2 });
    const { outcome, context } = await next.deploy();
    expect(names(outcome)).toEqual(["DeploymentCompleted"]);
    expect(context.lines).toContain("1.0.0 does not run: all of the traffic goes to 1.1.0");
    expect(await weights()).toEqual({ "1.1.0": 100 });
    expect(await release("1.0.0")).toMatchObject({ state: "stopped" });
  },
);

test("a rollout that lost its place stops, and goes back to evaluation", async () => {
  roll({ strategy: "canary", canary: [{ weight: 40, pause: "15s" }] });
  await rig.deployed("trace-1", "1.0.0", "one");
  const next = await approved("trace-2", "1.1.0", { "server.js": greeter("two") });
  const other = { releaseId: "release-000009", traceId: "trace-9", invocationId: "rollback" };
  let taken: Promise<unknown> | undefined;
  const { outcome } = await next.deploy({
    onLine: (line) => {
      if (line.startsWith("1/")) taken = rig.ledger.reserve(place, other, { ttlMs: 60_000, takeOver: true });
    },
  });
  await taken;
  expect(names(outcome)).toEqual(["ReleaseDelayed"]);
  expect(outcome).toMatchObject({ summary: expect.stringContaining("lost shop in production") });
  expect(await weights()).toEqual({ "1.0.0": 100 });
});

function roll(rollout: object): void {
  rig.setPolicy(environmentPolicySchema.parse({ rollout: { verification: { window: "0s" }, ...rollout } }));
}

type Delivery = ReturnType<RuntimeRig["delivery"]>;

async function approved(
  traceId: string,
  version: string,
  files: Record<string, string>,
  more: Parameters<RuntimeRig["delivery"]>[3] = {},
): Promise<Delivery> {
  const delivery = rig.delivery(traceId, version, await rig.fixture.artifact(files), more);
  await delivery.approve();
  return delivery;
}

async function release(version: string) {
  return (await rig.fixture.target.list(here)).find((one) => one.version === version);
}

/** Of the releases that have traffic. */
async function weights(): Promise<Record<string, number>> {
  const serving = (await rig.fixture.target.list(here)).filter(({ traffic }) => traffic);
  return Object.fromEntries(serving.map(({ version, weight }) => [version, weight ?? 100]));
}

async function answers(count: number, path = "/"): Promise<string[]> {
  return await Promise.all(Array.from({ length: count }, async () => (await rig.ask(path)).body));
}

function keepAsking() {
  const failed: unknown[] = [];
  let asked = 0;
  let on = true;
  const asking = (async () => {
    while (on) {
      const answer = await rig.ask().catch((error: unknown) => ({ status: 0, body: String(error) }));
      asked += 1;
      if (answer.status !== 200) failed.push(answer);
    }
  })();
  return {
    async stop() {
      on = false;
      await asking;
      return { failed, asked };
    },
  };
}

/** Fails the first time that it is started. */
const failsOnce = `
const fs = require("node:fs");
const marker = process.env.STORAGE_DIR + "/tried";
if (!fs.existsSync(marker)) { fs.writeFileSync(marker, ""); process.exit(3); }
`;

/** Keeps what it was called with where every release of the module finds it, and ends as it is told. */
const counts = `
const fs = require("node:fs");
const [, , name, code = "0"] = process.argv;
fs.appendFileSync(process.env.STORAGE_DIR + "/counted", name + "\\n");
console.log("counted " + name);
process.exit(Number(code));
`;
