/** Corrections of drift where nothing new may be deployed: they put back what was approved, and nothing else. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { environmentPolicySchema } from "../../src/domain/tenant/tenant.ts";
import { createRuntimeRig, greeter, names, place, type RuntimeRig } from "./runtime-rig.ts";

let rig: RuntimeRig;
beforeEach(async () => {
  rig = await createRuntimeRig();
});
afterEach(() => rig.dispose());

const at = { namespace: "acme-production", moduleId: "shop" };
/** Nothing that was approved before meets it. */
const stricter = environmentPolicySchema.parse({
  requiresApproval: true,
  minApprovers: 2,
  minDelayBeforeDeploy: "3d",
});

type Deployed = Awaited<ReturnType<RuntimeRig["deployed"]>>;
const correct = (delivery: Deployed) => delivery.run(rig.orchestrator, "CorrectDrift");

test("what holds every new release does not hold a correction: it stands on the approval of its deployment", async () => {
  const live = await rig.deployed("trace-1", "1.0.0", "one");
  const next = rig.delivery("trace-2", "1.1.0", await rig.fixture.artifact({ "server.js": greeter("two") }));
  await next.approve();
  rig.setPolicy(stricter);
  expect(names((await next.deploy()).outcome)).toEqual(["ReleaseDelayed"]);

  await rig.fixture.target.retire({ ...at, releaseId: live.releaseId() });
  expect((await rig.ask()).status).toBe(503);
  const { outcome } = await correct(live);
  expect(outcome).toMatchObject({
    status: "Success",
    emits: [{ name: "DriftCorrected", data: { standsOn: "the approval of its deployment" } }],
  });
  expect((await rig.ask()).body).toBe("one");
  expect(await rig.ledger.history(place)).toHaveLength(1);
});

test("a release whose approval was taken back is not brought back by a correction", async () => {
  const live = await rig.deployed("trace-1", "1.0.0", "one");
  live.tell("ReleaseRevoked", { releaseId: live.releaseId(), reasons: [] });
  await rig.fixture.target.retire({ ...at, releaseId: live.releaseId() });
  const { outcome } = await correct(live);
  expect(outcome).toMatchObject({ status: "Failed", refusal: { code: "QuorumNotMet" } });
  expect(names(outcome)).toEqual(["EscalationRaised"]);
  expect((await rig.ask()).status).toBe(503);
});

test("a release that another one replaced is left alone", async () => {
  const first = await rig.deployed("trace-1", "1.0.0", "one");
  await rig.deployed("trace-2", "1.1.0", "two");
  const { outcome } = await correct(first);
  expect(outcome).toMatchObject({ status: "Success", emits: [] });
  expect((await rig.ask()).body).toBe("two");
});
