/** Freezes that begin when a release is already approved, or on its way: on real processes behind the real router. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Freeze, freezeSchema } from "../../src/domain/freeze/freeze.ts";
import { environmentPolicySchema, type Tenant } from "../../src/domain/tenant/tenant.ts";
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

describe("a release that two people let pass a freeze", () => {
  const overriders: Tenant["people"] = [
    { id: "jane", roles: ["ReleaseManager"] },
    { id: "olga", roles: ["StudioApprover"], claims: ["override.freeze"] },
    { id: "max", roles: [], environments: { production: ["ReleaseManager"] } },
  ];
  const without = (id: string, ...more: Tenant["people"]) => [
    ...overriders.filter((one) => one.id !== id),
    ...more,
  ];

  test("is applied while both of them may do that, and is held when one of them may not any more", async () => {
    rig.setPeople(overriders);
    const delivery = rig.delivery(
      "trace-1",
      "1.0.0",
      await rig.fixture.artifact({ "server.js": greeter("one") }),
    );
    await delivery.approve();
    rig.setFreezes([incident]);
    const digests = delivery.events.findLast(({ name }) => name === "ReleaseApproved")?.data.digests ?? {};
    delivery.tell("FreezeOverridden", {
      ...{ releaseId: delivery.releaseId(), by: "olga", confirmedBy: "max", digests },
      ...{ reason: "the certificate of the bank ends tonight", freezes: ["incident"] },
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
    });
    const why = async (options: Parameters<typeof delivery.deploy>[0] = {}) =>
      JSON.stringify((await delivery.deploy(options)).outcome.emits[0]?.data.reasons);
    const lost: [Tenant["people"], string][] = [
      [without("olga"), "olga does not belong to acme any more"],
      [
        without("olga", { id: "olga", roles: ["Developer"], claims: ["override.freeze"] }),
        "olga is no StudioApprover or StudioAdmin any more",
      ],
      [without("olga", { id: "olga", roles: ["StudioApprover"] }), "olga may not override freezes any more"],
      [without("max"), "max, who confirmed it, does not belong to acme any more"],
      [
        without("max", { id: "max", roles: ["Developer"], environments: { dev: ["ReleaseManager"] } }),
        "max may not confirm it any more",
      ],
    ];
    for (const [people, said] of lost) {
      rig.setPeople(people);
      expect(await why()).toContain(`Its override does not count: ${said}.`);
    }
    rig.setPeople(overriders);
    expect(await why({ handOver: { sponsor: "olga" } })).toContain("the change is olga's own");
    expect(await why({ handOver: { formerSponsors: ["max"] } })).toContain("the change is max's own");
    expect(names((await delivery.deploy()).outcome)).toEqual(["DeploymentCompleted"]);
  });
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
