import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../test/support/database.ts";
import { sealWith } from "../../../../test/support/seal.ts";
import type { Settings } from "../../../ports/settings.ts";
import { vaultConformance } from "../../../ports/vault.conformance.ts";
import { createSettings } from "./create-settings.ts";

let database: TestDatabase;
let directory: string;
let keyFile: string;
let settings: Settings;
beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(join(tmpdir(), "settings-"));
  keyFile = join(directory, "keys", "secrets.key");
  settings = settingsWith(keyFile);
});
afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

vaultConformance("the store of this installation", async () => {
  const own = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), "settings-"));
  return {
    vault: createSettings({ pool: own.pool, seal: sealWith(join(folder, "secrets.key")) }),
    keepsVersions: true,
    async dispose() {
      await own.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
});

const environment = { tenantId: "acme", environment: "staging" };
const shop = { ...environment, moduleId: "shop" };

test("a module's own value covers the environment's, and gives it free again when it is unset", async () => {
  await settings.setConfig(environment, "LOG_LEVEL", "info");
  await settings.setConfig(environment, "REGION", "eu");
  await settings.setConfig(shop, "LOG_LEVEL", "debug");
  expect(await settings.listConfig(shop)).toEqual({ LOG_LEVEL: "debug", REGION: "eu" });
  expect(await settings.listConfig(environment)).toEqual({ LOG_LEVEL: "info", REGION: "eu" });
  expect(await settings.unsetConfig(shop, "LOG_LEVEL")).toBe(true);
  expect(await settings.unsetConfig(shop, "LOG_LEVEL")).toBe(false);
  expect(await settings.listConfig(shop)).toEqual({ LOG_LEVEL: "info", REGION: "eu" });
});

test("nothing is seen from another tenant, environment or module", async () => {
  await settings.setConfig({ ...shop, tenantId: "other" }, "THEIRS", "1");
  const theirs = await settings.setSecret({ ...shop, moduleId: "books" }, "THEIR_KEY", "hidden");
  expect(await settings.listConfig(shop)).not.toHaveProperty("THEIRS");
  expect(await settings.listConfig({ ...shop, environment: "production" })).toEqual({});
  expect(await settings.listSecrets(shop)).toEqual([]);
  await expect(settings.revealSecrets(shop, [theirs])).rejects.toThrow(/SecretsMissing/);
});

test("a secret has a new version for a new value, the same for the same, and old versions can still be revealed", async () => {
  const first = await settings.setSecret(shop, "API_KEY", "one");
  expect(await settings.setSecret(shop, "API_KEY", "one")).toEqual(first);
  const second = await settings.setSecret(shop, "API_KEY", "two");
  expect(second.versionId).not.toBe(first.versionId);
  expect(await settings.listSecrets(shop)).toEqual([second]);
  expect(await settings.revealSecrets(shop, [second])).toEqual({ API_KEY: "two" });
  await settings.unsetSecret(shop, "API_KEY");
  expect(await settings.listSecrets(shop)).toEqual([]);
  expect(await settings.revealSecrets(shop, [first])).toEqual({ API_KEY: "one" });
});

test("a module may use a secret of its environment", async () => {
  const shared = await settings.setSecret(environment, "SHARED_KEY", "for all");
  expect(await settings.listSecrets(shop)).toContainEqual(shared);
  expect(await settings.revealSecrets(shop, [shared])).toEqual({ SHARED_KEY: "for all" });
});

test("the database holds no plain secret", async () => {
  await settings.setSecret(shop, "PASSWORD", "plain-text-4711");
  const { rows } = await database.pool.query("select t::text as line from connectsoft.setting_versions t");
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.map((row) => row.line).join("\n")).not.toContain("plain-text-4711");
});

test("a sealed value does not open in another row", async () => {
  const mine = await settings.setSecret(shop, "MINE", "a");
  const yours = await settings.setSecret(shop, "YOURS", "b");
  await database.pool.query(
    `update connectsoft.setting_versions set value = (select value from connectsoft.setting_versions where version_id = $1)
     where version_id = $2`,
    [mine.versionId, yours.versionId],
  );
  await expect(settings.revealSecrets(shop, [yours])).rejects.toThrow(/cannot be opened/);
});

test("processes that begin at once share one key, which only its owner can read", async () => {
  const fresh = join(directory, "fresh", "secrets.key");
  const scope = { ...shop, moduleId: "race" };
  const racing = ["A", "B", "C", "D"].map(async (name) => {
    const each = settingsWith(fresh);
    return await each.setSecret(scope, name, `value of ${name}`);
  });
  const references = await Promise.all(racing);
  const reader = settingsWith(fresh);
  expect(await reader.revealSecrets(scope, references)).toMatchObject({ A: "value of A", D: "value of D" });
  expect((await stat(fresh)).mode & 0o777).toBe(0o600);
});

test("another key is named as the reason when a secret cannot be opened", async () => {
  const reference = await settings.setSecret(shop, "SEALED", "x");
  const wrong = join(directory, "wrong.key");
  await writeFile(wrong, Buffer.alloc(32, 7).toString("base64url"));
  const stranger = settingsWith(wrong);
  await expect(stranger.revealSecrets(shop, [reference])).rejects.toThrow(/key in .*wrong\.key/);
  expect((await readFile(keyFile, "utf8")).trim()).toHaveLength(43);
});

test.each(["lower", "1ST", "WITH-HYPHEN", "", "A=B", "A B"])("the name %j is refused", async (name) => {
  await expect(settings.setConfig(shop, name, "x")).rejects.toThrow(/InputInvalid/);
  await expect(settings.setSecret(shop, name, "x")).rejects.toThrow(/InputInvalid/);
});

test("a scope that is no slug is refused by name", async () => {
  await expect(settings.setConfig({ ...shop, moduleId: "../etc" }, "A", "x")).rejects.toThrow(/moduleId/);
});

function settingsWith(keyFile: string): Settings {
  return createSettings({ pool: database.pool, seal: sealWith(keyFile) });
}
