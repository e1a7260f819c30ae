/** Rollbacks from wherever a rollout was left, and cut off at each of their own calls: the same attempt again ends true. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { createDeploymentOrchestrator } from "../../src/agents/deployment-orchestrator/agent.ts";
import { environmentPolicySchema } from "../../src/domain/tenant/tenant.ts";
import type { ReleaseLedger } from "../../src/ports/release-ledger.ts";
import type { Target } from "../../src/ports/target.ts";
import { createRuntimeRig, greeter, names, place, type RuntimeRig, writtenJson } from "./runtime-rig.ts";

const at = { namespace: "acme-production", moduleId: "shop" };
let rig: RuntimeRig;
beforeEach(async () => {
  rig = await createRuntimeRig();
});
afterEach(() => rig.dispose());

const serving = async () => (await rig.fixture.target.list(at)).filter(({ traffic }) => traffic);
const running = async () => (await rig.fixture.target.list(at)).filter(({ pid }) => pid !== undefined);

async function expectBackAtFirst(): Promise<void> {
  expect((await rig.ask()).body).toBe("one");
  expect((await serving()).map(({ version, state }) => `${version} ${state}`)).toEqual(["1.0.0 serving"]);
  expect((await running()).map(({ version }) => version)).toEqual(["1.0.0"]);
  expect(await rig.ledger.current(place)).toMatchObject({ version: "1.0.0", outcome: "Restored" });
  expect(await rig.ledger.isHeld(place, "1.1.0")).toMatchObject({ version: "1.1.0" });
}

/** Counts the calls that change or read something outside, and breaks off before or after the one that is due. */
function cutOff(step: number, when: "before" | "after") {
  let calls = 0;
  const cut =
    (name: string, call: (...args: never[]) => unknown) =>
    async (...args: never[]) => {
      calls += 1;
      if (calls === step && when === "before") throw new Error(`killed before ${name}`);
      const answer = await call(...args);
      if (calls === step && when === "after") throw new Error(`killed after ${name}`);
      return answer;
    };
  const wrap = <T extends object>(port: T, watched: (keyof T & string)[]): T => {
    const copy = { ...port };
    for (const name of watched) copy[name] = cut(name, port[name] as never) as never;
    return copy;
  };
  return {
    calls: () => calls,
    target: (target: Target) => wrap(target, ["start", "route", "retire", "verify", "list"]),
    releases: (ledger: ReleaseLedger) => wrap(ledger, ["record", "hold", "history", "reserve"]),
  };
}

describe("cut off at any of its calls", () => {
  test.each(["before", "after"] as const)(
    "a rollback that is killed %s a call is gone on with",
    async (when) => {
      await rig.deployed("trace-1", "1.0.0", "one");
      const [first] = await rig.ledger.history(place);
      for (let step = 1, over = false; !over; step += 1) {
        const version = `1.1.${step}`;
        const bad = await rig.deployed(`trace-bad-${step}`, version, "two");
        bad.tell("RollbackRequested", { by: "jane", reason: "wrong prices" });
        const cutting = cutOff(step, when);
        const ports = rig.ports;
        const killed = createDeploymentOrchestrator({
          ...ports,
          targetFor: (name) => cutting.target(ports.targetFor(name)),
          releases: cutting.releases(ports.releases),
        });
        const invocationId = `rollback-${step}`;
        over = await bad.run(killed, "RollBack", { invocationId }).then(
          () => true,
          (error: Error) => {
            expect(error.message).toContain("killed");
            return false;
          },
        );
        const { outcome } = await bad.rollBack({ invocationId });
        expect(names(outcome), `killed ${when} call ${step}`).toEqual([
          "RollbackCompleted",
          "DeploymentFailed",
        ]);
        expect((await rig.ask()).body).toBe("one");
        expect((await running()).map((release) => release.releaseId)).toEqual([first?.releaseId]);
        expect(await rig.ledger.current(place)).toMatchObject({ version: "1.0.0", outcome: "Restored" });
        expect(await rig.ledger.isHeld(place, version)).toBeDefined();
        const own = (await rig.ledger.history(place)).filter((fact) => fact.invocationId === invocationId);
        expect(own.map((fact) => fact.outcome).sort()).toEqual(["Restored", "RolledBack"]);
      }
    },
    180_000,
  );
});

test("what serves by another delivery meanwhile is left alone, and the bad release ends", async () => {
  await rig.deployed("trace-1", "1.0.0", "one");
  const bad = await rig.deployed("trace-2", "1.1.0", "two");
  const later = await rig.deployed("trace-3", "1.2.0", "three");
  const [before] = await serving();
  bad.tell("ReleaseRevoked", {
    releaseId: bad.releaseId(),
    reasons: [{ code: "ReleaseRevoked", message: "x" }],
  });
  const { outcome } = await bad.rollBack();
  expect(outcome.emits[0]?.data).toMatchObject({ restored: "1.2.0", restoredRelease: later.releaseId() });
  expect((await serving())[0]).toMatchObject({ pid: before?.pid, releaseId: later.releaseId() });
  expect((await rig.ledger.history(place)).map(({ outcome: one }) => one)).not.toContain("Restored");
});

test("a release whose process is gone is taken back all the same", async () => {
  await rig.deployed("trace-1", "1.0.0", "one");
  const bad = await rig.deployed("trace-2", "1.1.0", "two");
  for (const { pid } of await running()) if (pid !== undefined) process.kill(pid, "SIGKILL");
  bad.tell("RollbackRequested", { by: "jane", reason: "down" });
  expect(names((await bad.rollBack()).outcome)).toEqual(["RollbackCompleted", "DeploymentFailed"]);
  await expectBackAtFirst();
});

test("half a canary goes back, and the release before has all of the traffic again", async () => {
  await rig.deployed("trace-1", "1.0.0", "one");
  const canary = [{ weight: 30, pause: "promoted" }];
  rig.setPolicy(environmentPolicySchema.parse({ rollout: { strategy: "canary", canary } }));
  const bad = rig.delivery("trace-2", "1.1.0", await rig.fixture.artifact({ "server.js": greeter("two") }));
  await bad.approve();
  const stop = new AbortController();
  const rollout = bad.deploy({ signal: stop.signal });
  const shares = async () => (await serving()).map(({ version, weight }) => `${version} ${weight}`);
  await expect.poll(shares).toEqual(["1.0.0 70", "1.1.0 30"]);
  stop.abort(new Error("the worker stops"));
  await rollout.catch(() => undefined);
  bad.tell("RollbackRequested", { by: "jane", reason: "slow" });
  const { outcome } = await bad.rollBack();
  expect(outcome.emits[0]?.data).toMatchObject({ restored: "1.0.0", interrupted: true });
  expect(await shares()).toEqual(["1.0.0 100"]);
  expect((await running()).map(({ version }) => version)).toEqual(["1.0.0"]);
});

test("the map of a rollback is a version of its own, and its summary says how long it took", async () => {
  await rig.deployed("trace-1", "1.0.0", "one");
  const bad = await rig.deployed("trace-2", "1.1.0", "two");
  bad.tell("RollbackRequested", { by: "jane", reason: "slow", code: "latency", comment: "ticket 4711" });
  const { outcome, context } = await bad.rollBack();
  expect(parse(context.written["deployments/RollbackMap.yaml"] ?? "")).toEqual({
    module: "shop",
    previousVersion: "1.0.0",
    currentAttempt: "1.1.0",
    lastKnownGood: "1.0.0",
    strategy: "blue-green",
    retryCount: 0,
    rollbackAllowed: true,
    codeOnly: false,
  });
  expect(writtenJson(context, "deployments/RollbackSummary.json")).toMatchObject({
    cause: "person",
    by: "jane",
    code: "latency",
    comment: "ticket 4711",
    codeOnly: false,
  });
  expect(outcome.emits[0]?.data).toMatchObject({ interrupted: true, cause: "person" });
});

test("policy that holds rollbacks calls a person with the command, and a person's word goes through", async () => {
  rig.setPolicy(environmentPolicySchema.parse({ rollback: { mode: "held" } }));
  await rig.deployed("trace-1", "1.0.0", "one");
  const bad = await rig.deployed("trace-2", "1.1.0", "two");
  bad.tell("RegressionDetected", { releaseId: bad.releaseId(), producer: "prometheus", reason: "5 % fail" });
  const held = await bad.rollBack();
  expect(names(held.outcome)).toEqual(["EscalationRaised"]);
  expect(held.outcome.emits[0]?.data.next).toContain(
    `studio request-rollback ${bad.releaseId()} --code regression`,
  );
  expect((await rig.ask()).body).toBe("two");
  bad.tell("RollbackRequested", { by: "jane", reason: "as the alert says" });
  expect(names((await bad.rollBack()).outcome)).toEqual(["RollbackCompleted", "DeploymentFailed"]);
  expect((await rig.ask()).body).toBe("one");
});

test("bytes that are gone leave what serves serving, and the failure says what was tried and what runs", async () => {
  const broken = greeter("one").replace(
    "const http",
    'if (require("node:fs").existsSync(process.env.STORAGE_DIR + "/gone")) process.exit(5);\nconst http',
  );
  const first = rig.delivery("trace-1", "1.0.0", await rig.fixture.artifact({ "server.js": broken }));
  await first.approve();
  await first.deploy();
  const { STORAGE_DIR } = JSON.parse((await rig.ask("/env")).body);
  const bad = await rig.deployed("trace-2", "1.1.0", "two");
  const { writeFile } = await import("node:fs/promises");
  await writeFile(`${STORAGE_DIR}/gone`, "");
  bad.tell("RollbackRequested", { by: "jane", reason: "slow" });
  const { outcome } = await bad.rollBack();
  expect(names(outcome)).toEqual(["RollbackFailed", "EscalationRaised"]);
  expect(outcome.emits[0]?.data).toMatchObject({
    tried: [expect.stringContaining("start release-000001"), expect.stringContaining("leave the traffic")],
    running: expect.arrayContaining([expect.objectContaining({ version: "1.1.0", traffic: true })]),
  });
  expect(outcome.emits[1]?.data.next).toMatch(/Now 1\.1\.0 .* has the traffic\. .*connectsoft failure/);
  expect((await rig.ask()).body).toBe("two");
  expect(await rig.ledger.isHeld(place, "1.1.0")).toBeUndefined();
});
