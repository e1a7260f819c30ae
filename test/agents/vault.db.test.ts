/** Secrets in a vault outside: what is approved is what is handed over, and where the vault is away nothing is begun. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { routeSecrets } from "../../src/adapters/vault/route-secrets.ts";
import { tenantSchema } from "../../src/domain/tenant/tenant.ts";
import { givenToken, type KeyValuePeer, openKeyValuePeer } from "../support/vaults/key-value-peer.ts";
import { noCopies } from "../support/vaults/no-copies.ts";
import { createRuntimeRig, greeter, names, place, type RuntimeRig } from "./runtime-rig.ts";

let peer: KeyValuePeer;
let rig: RuntimeRig;
beforeEach(async () => {
  peer = await openKeyValuePeer();
  const auth = { method: "token", token: { env: "CONNECTSOFT_VAULT_ACME__TOKEN" } };
  const vault = { kind: "openbao", address: peer.address, auth };
  const tenant = tenantSchema.parse({
    id: "acme",
    people: [{ id: "jane", roles: ["ReleaseManager"] }],
    environments: [{ id: "production", vault }],
  });
  const env = { CONNECTSOFT_VAULT_ACME__TOKEN: givenToken };
  rig = await createRuntimeRig({
    secretsIn: (local) =>
      routeSecrets({
        ...{ local, env, folder: "/none", ca: undefined, copies: noCopies, now: () => new Date() },
        tenants: { get: async () => tenant },
      }),
  });
  await rig.settings.setSecret(place, "API_KEY", "s3cret-of-the-vault");
});
afterEach(async () => {
  await rig.dispose();
  await peer.close();
});

async function approved(trace: string, files = { "server.js": greeter("one") }) {
  const delivery = rig.delivery(trace, "1.0.0", await rig.fixture.artifact(files));
  await delivery.approve();
  return delivery;
}
const running = () => rig.fixture.target.list({ namespace: "acme-production", moduleId: "shop" });

test("a release gets the vault's values, and no event, artifact or line has one", async () => {
  const loud = `console.log("key", process.env.API_KEY); ${greeter("one")}`;
  const delivery = await approved("trace-1", { "server.js": loud });
  const { outcome, context } = await delivery.deploy();
  expect(names(outcome)).toEqual(["DeploymentCompleted"]);
  expect(JSON.parse((await rig.ask("/env")).body)).toMatchObject({ API_KEY: "s3cret-of-the-vault" });
  const told = JSON.stringify([outcome, context.written, context.announced, context.lines, delivery.events]);
  expect(told + JSON.stringify(await rig.ledger.history(place))).not.toContain("s3cret-of-the-vault");
  expect((await rig.ledger.current(place))?.spec.secrets).toEqual([
    { name: "API_KEY", versionId: expect.stringMatching(/^module\/1@/) },
  ]);
});

test("a module that wants files gets each secret in one, by its plan, and its values are in no variable", async () => {
  const reader = `require("node:http").createServer((request, response) => {
    const { API_KEY, API_KEY_FILE } = process.env;
    response.end(JSON.stringify({ API_KEY, text: require("node:fs").readFileSync(API_KEY_FILE, "utf8") }));
  }).listen(process.env.PORT, "127.0.0.1");`;
  const artifact = await rig.fixture.artifact({ "server.js": reader });
  const delivery = rig.delivery("trace-1", "1.0.0", artifact, { secretsAs: "file" });
  await delivery.approve();
  expect(delivery.memory["deployments/RolloutPlan.yaml"]).toContain("secretsAs: file");
  expect(names((await delivery.deploy()).outcome)).toEqual(["DeploymentCompleted"]);
  expect(JSON.parse((await rig.ask()).body)).toEqual({ text: "s3cret-of-the-vault" });
});

test("a version that somebody writes in the vault voids the approval of the one before", async () => {
  const delivery = await approved("trace-1");
  peer.put("acme/production/shop/API_KEY", { value: "written by somebody" });
  const { outcome } = await delivery.deploy();
  expect(names(outcome)).toEqual(["ReleaseDelayed"]);
  expect(outcome.emits[0]?.data.reasons).toEqual([
    expect.objectContaining({ code: "DigestMismatch", message: expect.stringContaining("secrets") }),
  ]);
  expect(await running()).toEqual([]);
});

describe("a vault that is down", () => {
  test("before anything is dispatched sends the release back to wait, with nothing begun", async () => {
    const delivery = await approved("trace-1");
    peer.away("everything");
    const { outcome, context } = await delivery.deploy();
    expect(names(outcome)).toEqual(["ReleaseDelayed"]);
    expect(outcome.emits[0]?.data.reasons).toEqual([
      expect.objectContaining({
        code: "SecretsMissing",
        message: expect.stringMatching(/the OpenBao at .* cannot answer now: HTTP 503/),
      }),
    ]);
    expect(context.announced).toEqual([]);
    expect(await running()).toEqual([]);
    peer.away(undefined);
    await delivery.approveAgain();
    expect(names((await delivery.deploy()).outcome)).toEqual(["DeploymentCompleted"]);
  });

  test("once the release is dispatched is waited for, and the same release goes on", async () => {
    const delivery = await approved("trace-1");
    peer.away("values");
    const { outcome } = await delivery.deploy({ invocationId: "same" });
    expect(outcome).toMatchObject({ status: "Delayed", emits: [], until: expect.any(String) });
    expect(await running()).toEqual([]);
    peer.away(undefined);
    const again = await delivery.deploy({ invocationId: "same" });
    expect(names(again.outcome)).toEqual(["DeploymentCompleted"]);
    expect(again.context.announced.map(({ name }) => name)).not.toContain("DeploymentStarted");
  });

  test("holds back planning, which says so", async () => {
    const delivery = await approved("trace-1");
    peer.away("everything");
    const { outcome, context } = await delivery.run(rig.cloudProvisioner, "PlanInfrastructure");
    expect(outcome).toMatchObject({ status: "Delayed", until: expect.any(String) });
    expect(context.lines.join("\n")).toMatch(/the OpenBao at .* cannot answer now/);
  });
});
