/** Freezes that begin when a release is already approved, or on its way: on real processes behind the real router. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Freeze, freezeSchema } from "../../src/domain/freeze/freeze.ts";
import { environmentPolicySchema } from "../../src/domain/tenant/tenant.ts";
import { createRuntimeRig, greeter, names, place, type RuntimeRig } from "./runtime-rig.ts";

let rig: RuntimeRig;
beforeEach(async () => {
  rig = await createRuntimeRig();
});
afterEach(() => rig.dispose());

const incident: Freeze = freezeSchema.parse({
  id: "incident",
  reason: "incident at the bank",
  start: "2020-01-01T00:00",
  environments: ["production"],
});

test("a freeze that begins after the verdict sends the release back before anything of it starts", async () => {
  const artifact = await rig.fixture.artifact({ "server.js": greeter("one") });
  const delivery = rig.delivery("trace-1", "1.0.0", artifact);
  await delivery.approve();
  rig.setFreezes([incident]);
  const { outcome, context } = await delivery.deploy();
  const message = "production of acme is frozen and no end is set (incident at the bank).";
  expect(outcome.emits).toMatchObject([
    { name: "ReleaseDelayed", data: { reasons: [{ code: "FreezeActive", message }] } },
  ]);
  expect(context.announced).toEqual([]);
  expect(await rig.ledger.current(place)).toBeUndefined();

  rig.setFreezes([{ ...incident, environments: ["dev"] }]);
  expect(names((await delivery.deploy()).outcome)).toEqual(["DeploymentCompleted"]);
});

test("what a release shares is not provisioned for it in a freeze either", async () => {
  const artifact = await rig.fixture.artifact({ "server.js": greeter("one") });
  const delivery = rig.delivery("trace-1", "1.0.0", artifact);
  await delivery.approve();
  rig.setFreezes([incident]);
  const { outcome, context } = await delivery.run(rig.cloudProvisioner, "ApplyInfrastructure");
  expect(outcome.emits).toMatchObject([
    { name: "ReleaseDelayed", data: { reasons: [{ code: "FreezeActive" }] } },
  ]);
  expect(context.written).toEqual({});
  rig.setFreezes([]);
  expect(names((await delivery.run(rig.cloudProvisioner, "ApplyInfrastructure")).outcome)).toEqual([
    "InfraProvisioned",
  ]);
});

test("a rollout that was dispatched before a freeze finishes", async () => {
  await rig.deployed("trace-1", "1.0.0", "one");
  const canary = [{ weight: 25, pause: "40s" }];
  const rollout = { strategy: "canary", canary, verification: { window: "0s" } };
  rig.setPolicy(environmentPolicySchema.parse({ rollout }));
  const next = rig.delivery("trace-2", "1.1.0", await rig.fixture.artifact({ "server.js": greeter("two") }));
  await next.approve();
  expect((await next.deploy({ invocationId: "canary" })).outcome.status).toBe("Delayed");
  rig.setFreezes([incident]);
  rig.advance(40_000);
  expect(names((await next.deploy({ invocationId: "canary" })).outcome)).toEqual(["DeploymentCompleted"]);
  expect((await rig.ask()).body).toBe("two");
});

test("no freeze holds a rollback", async () => {
  await rig.deployed("trace-1", "1.0.0", "one");
  const bad = await rig.deployed("trace-2", "1.1.0", "two");
  rig.setFreezes([incident]);
  bad.tell("RollbackRequested", { by: "jane", reason: "wrong prices" });
  expect(names((await bad.rollBack()).outcome)).toContain("RollbackCompleted");
  expect((await rig.ask()).body).toBe("one");
});
