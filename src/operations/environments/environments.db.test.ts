/** Environments as people see and change them, on a real database, real folders and a real supervisor. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { success } from "../../../test/support/scripted-agents.ts";
import { createTestSystem, type TestSystem } from "../../../test/support/system.ts";
import { noWants, wantsOf } from "../../domain/environment/wants-of.ts";
import { tenantSchema } from "../../domain/tenant/tenant.ts";
import type { NamespaceRequest } from "../../ports/provisioner.ts";
import { catalogue } from "../catalogue.ts";
import type { Caller } from "../system.ts";

let world: TestSystem;
let provisioned: boolean;
beforeEach(async () => {
  provisioned = false;
  world = await createTestSystem({
    async PlanInfrastructure() {
      if (provisioned) return success();
      return {
        status: "Delayed",
        summary: "uploads is not there yet",
        emits: [],
        wakeOn: ["ProvisionRequested"],
      };
    },
  });
  const declared = await world.system.tenants.get("vetclinic-001");
  const [staging, ...others] = declared.environments;
  if (staging === undefined) throw new Error("no environment");
  const shared = [{ kind: "storage" as const, name: "uploads" }];
  const people = [...declared.people, { id: "ivy", roles: ["InfraAdmin" as const] }];
  const environments = [{ ...staging, shared, quotas: { disk: "1Gi" } }, ...others];
  await world.system.tenants.put(tenantSchema.parse({ ...declared, people, environments }), "ada");
});
afterEach(() => world.close());

const ivy: Caller = { tenantId: "vetclinic-001", person: "ivy", roles: ["InfraAdmin"], method: "cli" };

async function call<Answer>(name: string, caller: Caller, input: object = {}): Promise<Answer> {
  const operation = catalogue.find((one) => one.name === name);
  return (await operation?.run(world.system, caller, input)) as Answer;
}

async function provisionShop(): Promise<NamespaceRequest> {
  const { provisioner, tenants } = world.system;
  const request = {
    tenantId: "vetclinic-001",
    environment: "staging",
    moduleId: "shop",
    needs: { config: ["REGION"], secrets: ["API_KEY"] },
    wants: wantsOf(await tenants.get("vetclinic-001"), "staging"),
  };
  await provisioner.apply(request, (await provisioner.plan(request)).digest);
  return request;
}

test("what is declared is listed before anything is there, and shown with what is missing once it is", async () => {
  expect(await call("listEnvironments", world.as("jane"))).toEqual([
    { environment: "staging", namespace: null, modules: [], declared: true },
    { environment: "production", namespace: null, modules: [], declared: true },
  ]);
  await provisionShop();
  expect(await call("listEnvironments", world.as("jane"))).toMatchObject([
    { environment: "staging", namespace: "vetclinic-001-staging", modules: ["shop"] },
    { environment: "production" },
  ]);
  expect(await call("showEnvironment", world.as("jane"), { environment: "staging" })).toMatchObject({
    record: { quotas: [{ quota: "disk", value: "1Gi", enforced: false }] },
    missing: [
      { name: "API_KEY", next: "Set it: connectsoft secret set API_KEY --env staging --module shop" },
      { name: "REGION", next: "Set it: connectsoft config set REGION --env staging --module shop" },
    ],
  });
});

test.each(["showEnvironment", "planEnvironment", "driftOfEnvironment", "provisionEnvironment"])(
  "%s of a namespace that is not the tenant's is refused",
  async (name) => {
    for (const environment of ["other-production", "vetclinic-001-staging", "unknown"])
      await expect(call(name, ivy, { environment })).rejects.toThrow(/InvalidNamespaceAccess/);
    await expect(call(name, ivy, { environment: "../staging" })).rejects.toThrow(/InputInvalid: environment/);
  },
);

test.each(["provisionEnvironment", "destroyEnvironment"])(
  "%s takes an InfraAdmin or a CloudArchitect",
  async (name) => {
    const input = { environment: "staging", reason: "not needed" };
    for (const person of ["jane", "max", "olga", "ada"])
      await expect(call(name, world.as(person), input)).rejects.toThrow(
        /TenantForbidden: .*InfraAdmin or CloudArchitect/,
      );
  },
);

test("provisioning makes what modules share, mends what drifted and wakes the deliveries that wait for it", async () => {
  await provisionShop();
  await world.system.provisioner.refresh({ tenantId: "vetclinic-001", environment: "staging" });
  const subject = await world.deliver();
  await world.until(subject, (sentence) => sentence.includes("uploads is not there yet"));
  const planned = await call<{ moduleId?: string; changes: object[] }[]>("planEnvironment", ivy, {
    environment: "staging",
  });
  expect(planned.map(({ moduleId, changes }) => [moduleId, changes.length])).toEqual([
    [undefined, 1],
    ["shop", 0],
  ]);
  provisioned = true;
  expect(await call("provisionEnvironment", ivy, { environment: "staging" })).toMatchObject({
    namespace: "vetclinic-001-staging",
    changes: [{ action: "create", kind: "shared", name: "storage/uploads" }],
    mended: [],
    woken: [subject.traceId],
  });
  await world.until(subject, (sentence) => !sentence.includes("uploads is not there yet"));
});

test("what is declared no more is taken away only where that is said", async () => {
  await call("provisionEnvironment", ivy, { environment: "staging" });
  const declared = await world.system.tenants.get("vetclinic-001");
  const environments = declared.environments.map(({ shared, ...rest }) => rest);
  await world.system.tenants.put({ ...declared, environments }, "ada");
  await expect(call("provisionEnvironment", ivy, { environment: "staging" })).rejects.toThrow(
    /Conflict: .*take away shared storage\/uploads/,
  );
  expect(await call("provisionEnvironment", ivy, { environment: "staging", deletions: true })).toMatchObject({
    changes: [{ action: "delete", kind: "shared" }],
  });
});

test("drift is shown, and provisioning puts back what was applied and nothing that is only declared", async () => {
  await provisionShop();
  const declared = await world.system.tenants.get("vetclinic-001");
  const environments = declared.environments.map((one) => ({ ...one, domain: `${one.id}.acme.example` }));
  await world.system.tenants.put({ ...declared, environments }, "ada");
  expect(await call("driftOfEnvironment", ivy, { environment: "staging" })).toEqual([]);
  expect(await call("provisionEnvironment", ivy, { environment: "staging" })).toMatchObject({ mended: [] });
  const [, shop] = await call<{ changes: { name: string }[] }[]>("planEnvironment", ivy, {
    environment: "staging",
  });
  expect(shop?.changes.map(({ name }) => name)).toEqual(["shop.staging.acme.example"]);
});

test("a destroyed environment tells the delivery whose release served there", async () => {
  provisioned = true;
  const subject = await world.deliver();
  await world.until(subject, (_sentence, kind) => kind === "waiting");
  const place = { tenantId: "vetclinic-001", environment: "staging", moduleId: subject.moduleId };
  const request = { ...place, needs: { config: [], secrets: [] }, wants: noWants };
  const { provisioner, ledger, store } = world.system;
  await provisioner.apply(request, (await provisioner.plan(request)).digest);
  const releaseId = "release-000001";
  const spec = { namespace: "vetclinic-001-staging", moduleId: subject.moduleId } as never;
  const entry = {
    ...place,
    releaseId,
    traceId: subject.traceId,
    version: "1.0.0",
    artifact: "sha256:0",
    spec,
  };
  const fact = { outcome: "Deployed" as const, reasons: [], at: "2026-01-01T00:00:00Z", invocationId: "one" };
  await ledger.record({ ...entry, ...fact });
  await call("destroyEnvironment", ivy, { environment: "staging", reason: "moved away" });
  const events = await store.events(subject, { names: ["EnvironmentDestroyed"] });
  expect(events.map(({ data, environment }) => [environment, data])).toEqual([
    ["staging", { by: "ivy", reason: "moved away", namespace: "vetclinic-001-staging", releaseId }],
  ]);
  const record = await store.load(subject);
  expect(record?.state.instances.staging?.snapshot.value).toBe("destroyed");
  expect(await ledger.current(place)).toBeUndefined();
  expect(await ledger.history(place)).toMatchObject([
    { outcome: "Deployed" },
    { outcome: "Destroyed", reasons: [{ message: "ivy destroyed staging: moved away" }] },
  ]);
  await expect(call("destroyEnvironment", ivy, { environment: "staging", reason: "again" })).rejects.toThrow(
    /NotFound/,
  );
});
