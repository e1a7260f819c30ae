import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { createRuntimeRig, names, place, type RuntimeRig } from "./runtime-rig.ts";

let rig: RuntimeRig;
beforeEach(async () => {
  rig = await createRuntimeRig();
});
afterEach(() => rig.dispose());

function delivery() {
  return rig.delivery("trace-1", "1.0.0", `sha256:${"a".repeat(64)}`);
}

test("environments that ask nobody are provisioned ahead, once", async () => {
  const first = await delivery().run(rig.cloudProvisioner, "ProvisionAhead");
  expect(first.outcome.emits).toEqual([
    { name: "InfraProvisioned", data: { environments: ["dev"], created: ["dev"] } },
  ]);
  const second = await delivery().run(rig.cloudProvisioner, "ProvisionAhead");
  expect(second.outcome.emits).toEqual([
    { name: "InfraProvisioned", data: { environments: [], created: [] } },
  ]);
});

test("planning writes what would change, byte for byte the same again, and changes nothing", async () => {
  const one = delivery();
  const first = await one.run(rig.cloudProvisioner, "PlanInfrastructure");
  const text = first.context.written["env/InfrastructurePlan.json"];
  expect(JSON.parse(text ?? "").changes).toContainEqual({
    action: "create",
    kind: "namespace",
    name: "acme-production",
  });
  const second = await one.run(rig.cloudProvisioner, "PlanInfrastructure");
  expect(second.context.written["env/InfrastructurePlan.json"]).toBe(text);
});

test("the planned changes are applied and described", async () => {
  const one = delivery();
  await one.run(rig.cloudProvisioner, "PlanInfrastructure");
  const { outcome, context } = await one.run(rig.cloudProvisioner, "ApplyInfrastructure");
  expect(outcome.emits).toMatchObject([
    { name: "InfraProvisioned", data: { environments: ["production"], created: ["production"] } },
  ]);
  expect(parse(context.written["env/EnvironmentConfig.yaml"] ?? "")).toMatchObject({
    namespace: "acme-production",
    resourceGroup: "local/acme",
    dnsNames: ["shop.acme-production.localhost"],
    planDigest: JSON.parse(one.memory["env/InfrastructurePlan.json"] ?? "").digest,
  });
  expect(parse(context.written["env/DNSBindings.yaml"] ?? "").bindings).toEqual([
    { host: "shop.acme-production.localhost", moduleId: "shop", answeredBy: "router" },
  ]);
});

test("a plan that is not the current one any more is not applied, and sends the release back to planning", async () => {
  const one = delivery();
  await one.run(rig.cloudProvisioner, "PlanInfrastructure");
  const request = { ...place, editionId: "premium", needs: { config: [], secrets: [] } };
  await rig.provisioner.apply(request, (await rig.provisioner.plan(request)).digest);
  const { outcome, context } = await one.run(rig.cloudProvisioner, "ApplyInfrastructure");
  expect(outcome.status).toBe("Success");
  expect(names(outcome)).toEqual(["InfraFailed"]);
  expect(outcome.emits[0]?.data.reasons).toMatchObject([{ code: "PlanChanged" }]);
  expect(context.written).toEqual({});
  await one.run(rig.cloudProvisioner, "PlanInfrastructure");
  expect(names((await one.run(rig.cloudProvisioner, "ApplyInfrastructure")).outcome)).toEqual([
    "InfraProvisioned",
  ]);
});

test("a plan for another module, environment or tenant is not applied", async () => {
  const one = delivery();
  await one.run(rig.cloudProvisioner, "PlanInfrastructure");
  const written = one.memory["env/InfrastructurePlan.json"] ?? "";
  for (const forged of [{ tenantId: "other" }, { environment: "dev" }, { moduleId: "books" }]) {
    const plan = JSON.parse(written);
    one.memory["env/InfrastructurePlan.json"] = JSON.stringify({
      ...plan,
      request: { ...plan.request, ...forged },
    });
    const { outcome, context } = await one.run(rig.cloudProvisioner, "ApplyInfrastructure");
    expect(outcome).toMatchObject({ status: "Failed", refusal: { code: "InvalidNamespaceAccess" } });
    expect(context.written).toEqual({});
  }
  one.memory["env/InfrastructurePlan.json"] = written.replaceAll('"acme-production"', '"other-production"');
  const { outcome, context } = await one.run(rig.cloudProvisioner, "ApplyInfrastructure");
  expect(outcome).toMatchObject({ status: "Failed", refusal: { code: "InvalidNamespaceAccess" } });
  expect(context.written).toEqual({});
});
