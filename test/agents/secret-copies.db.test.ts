/** A vault that keeps the newest version only, and what releases were given of it: for rollbacks, and to be kept out of logs. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSecretCopies } from "../../src/adapters/secret-copies/postgres/create-secret-copies.ts";
import { createSettings } from "../../src/adapters/settings/local/create-settings.ts";
import { routeSecrets } from "../../src/adapters/vault/route-secrets.ts";
import { tenantSchema } from "../../src/domain/tenant/tenant.ts";
import type { Settings } from "../../src/ports/settings.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { sealWith } from "../support/seal.ts";
import { type KubernetesPeer, openKubernetesPeer } from "../support/vaults/kubernetes-peer.ts";

const shop = { tenantId: "acme", environment: "production", moduleId: "shop" };
const eightDaysMs = 8 * 24 * 60 * 60 * 1000;
let database: TestDatabase;
let peer: KubernetesPeer;
let folder: string;
let aheadMs: number;
beforeEach(async () => {
  [database, peer] = await Promise.all([createTestDatabase(), openKubernetesPeer()]);
  folder = await mkdtemp(join(tmpdir(), "secret-copies-"));
  await mkdir(join(folder, "acme"));
  await writeFile(join(folder, "acme", "kubeconfig"), peer.kubeconfig);
  aheadMs = 0;
});
afterEach(async () => {
  await Promise.all([database.drop(), peer.close()]);
  await rm(folder, { recursive: true, force: true });
});

function settingsWith(more: object = {}): Settings {
  const vault = { kind: "kubernetes", kubeconfig: { file: "kubeconfig" }, ...more };
  const tenant = tenantSchema.parse({
    id: "acme",
    people: [{ id: "jane", roles: ["ReleaseManager"] }],
    environments: [{ id: "production", vault }],
  });
  const ground = { pool: database.pool, seal: sealWith(join(folder, "secrets.key")) };
  return routeSecrets({
    local: createSettings(ground),
    tenants: { get: async () => tenant },
    ...{ env: {}, folder, ca: undefined, copies: createSecretCopies(ground) },
    now: () => new Date(Date.now() + aheadMs),
  });
}

async function rotated(settings: Settings, { toRelease = true } = {}) {
  const first = await settings.setSecret(shop, "API_KEY", "the-first-value");
  await settings.revealSecrets(shop, [first], { toRelease });
  const second = await settings.setSecret(shop, "API_KEY", "the-second-value");
  return { first, second };
}

test("what a release was given is there after a rotation, sealed, and for its module alone", async () => {
  const settings = settingsWith();
  const { first, second } = await rotated(settings);
  expect(await settings.revealSecrets(shop, [first])).toEqual({ API_KEY: "the-first-value" });
  expect(await settings.revealSecrets(shop, [second])).toEqual({ API_KEY: "the-second-value" });
  const neighbour = { ...shop, moduleId: "neighbour" };
  await expect(settings.revealSecrets(neighbour, [first])).rejects.toThrow(/SecretsMissing/);
  const { rows } = await database.pool.query("select * from connectsoft.secret_copies");
  expect(rows).toHaveLength(1);
  expect(JSON.stringify(rows)).not.toContain("the-first-value");
});

test("what no release was given is copied nowhere", async () => {
  const settings = settingsWith();
  const { first } = await rotated(settings, { toRelease: false });
  await expect(settings.revealSecrets(shop, [first])).rejects.toThrow(/SecretsMissing/);
});

test("a copy goes once no release that may be gone back to has it, and not in its first days", async () => {
  const settings = settingsWith();
  const { first, second } = await rotated(settings);
  await settings.forgetCopies(shop, [second]);
  expect(await settings.revealSecrets(shop, [first])).toEqual({ API_KEY: "the-first-value" });
  aheadMs = eightDaysMs;
  await settings.forgetCopies(shop, [first]);
  expect(await settings.revealSecrets(shop, [first])).toEqual({ API_KEY: "the-first-value" });
  await settings.forgetCopies(shop, [second]);
  await expect(settings.revealSecrets(shop, [first])).rejects.toThrow(/SecretsMissing/);
});

test("where the tenant wants no copies none is made, and those that were there go at the next cleaning", async () => {
  const { first } = await rotated(settingsWith());
  const without = settingsWith({ copies: "none" });
  await expect(without.revealSecrets(shop, [first])).rejects.toThrow(/SecretsMissing/);
  await without.forgetCopies(shop, [first]);
  const { rows } = await database.pool.query("select 1 from connectsoft.secret_copies");
  expect(rows).toEqual([]);
});

test("copies of an environment that is destroyed go with it", async () => {
  const settings = settingsWith();
  const { first } = await rotated(settings);
  await settings.erase(shop);
  await expect(settings.revealSecrets(shop, [first])).rejects.toThrow(/SecretsMissing/);
});
