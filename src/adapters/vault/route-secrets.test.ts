import { afterAll, beforeAll, expect, test } from "vitest";
import {
  givenToken,
  type KeyValuePeer,
  openKeyValuePeer,
} from "../../../test/support/vaults/key-value-peer.ts";
import { noCopies } from "../../../test/support/vaults/no-copies.ts";
import { type Tenant, tenantSchema } from "../../domain/tenant/tenant.ts";
import type { Settings } from "../../ports/settings.ts";
import { routeSecrets } from "./route-secrets.ts";

let peer: KeyValuePeer;
let next: KeyValuePeer;
beforeAll(async () => {
  peer = await openKeyValuePeer();
  next = await openKeyValuePeer();
});
afterAll(async () => {
  await peer.close();
  await next.close();
});

test("an environment's secrets are in the vault that it names, the others' in the local store, and configuration stays", async () => {
  const settings = routed(() => tenantAt(peer));
  const production = { tenantId: "acme", environment: "production" };
  const set = await settings.setSecret(production, "API_KEY", "far");
  expect(set.versionId).toMatch(/^environment\/1@/);
  expect(await settings.revealSecrets(production, [set])).toEqual({ API_KEY: "far" });
  expect(await settings.setSecret({ ...production, environment: "staging" }, "API_KEY", "near")).toEqual({
    name: "API_KEY",
    versionId: "local",
  });
  expect(await settings.listConfig(production)).toEqual({ LOG_LEVEL: "info" });
});

test("a version of another store is missing, since the environment's vault does not know it", async () => {
  const settings = routed(() => tenantAt(peer));
  const scope = { tenantId: "acme", environment: "production" };
  await expect(settings.revealSecrets(scope, [{ name: "API_KEY", versionId: "local" }])).rejects.toThrow(
    /SecretsMissing/,
  );
});

test("what tenant.yaml says now is asked, from its next version on", async () => {
  let tenant = tenantAt(peer);
  const settings = routed(() => tenant);
  const scope = { tenantId: "acme", environment: "production" };
  await settings.setSecret(scope, "MOVED", "x");
  tenant = tenantAt(next);
  expect(await settings.listSecrets(scope)).toEqual([]);
});

function tenantAt({ address }: KeyValuePeer): Tenant {
  const auth = { method: "token", token: { env: "CONNECTSOFT_VAULT_ACME__TOKEN" } };
  return tenantSchema.parse({
    id: "acme",
    people: [{ id: "jane", roles: ["Developer"] }],
    environments: [{ id: "staging" }, { id: "production", vault: { kind: "openbao", address, auth } }],
  });
}

function routed(tenant: () => Tenant): Settings {
  const local: Settings = {
    setConfig: async () => undefined,
    unsetConfig: async () => false,
    listConfig: async () => ({ LOG_LEVEL: "info" }),
    setSecret: async (_scope, name) => ({ name, versionId: "local" }),
    unsetSecret: async () => false,
    listSecrets: async () => [],
    revealSecrets: async () => ({}),
    erase: async () => undefined,
    forgetCopies: async () => undefined,
  };
  const env = { CONNECTSOFT_VAULT_ACME__TOKEN: givenToken };
  return routeSecrets({
    ...{ local, env, folder: "/none", ca: undefined, copies: noCopies, now: () => new Date() },
    tenants: { get: async () => tenant() },
  });
}
