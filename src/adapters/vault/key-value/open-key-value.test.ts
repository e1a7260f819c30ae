import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  givenToken,
  type KeyValuePeer,
  openKeyValuePeer,
  roleId,
  secretId,
} from "../../../../test/support/vaults/key-value-peer.ts";
import { type KeyValueSettings, vaultSchema } from "../../../domain/tenant/vault-settings.ts";
import { vaultConformance } from "../../../ports/vault.conformance.ts";
import type { Vault } from "../../../ports/vault.ts";
import type { VaultGround } from "../opened.ts";
import { vaultOf } from "../shelf.ts";
import { openKeyValue } from "./open-key-value.ts";

const shop = { tenantId: "acme", environment: "staging", moduleId: "shop" };
const tokenAuth = { method: "token", token: { env: "CONNECTSOFT_VAULT_ACME__TOKEN" } };

vaultConformance("the key-value engine as it is published", async () => {
  const peer = await openKeyValuePeer();
  return { vault: openAt(peer, tokenAuth), keepsVersions: true, dispose: () => peer.close() };
});

describe("a vault with key-value engine", () => {
  let peer: KeyValuePeer;
  let folder: string;
  beforeAll(async () => {
    peer = await openKeyValuePeer();
    folder = await mkdtemp(join(tmpdir(), "vaults-"));
    await mkdir(join(folder, "acme"));
    await mkdir(join(folder, "other"));
    await writeFile(join(folder, "acme", "secret-id"), `${secretId}\n`);
    await writeFile(join(folder, "acme", "jwt"), "jwt-of-the-server");
    await writeFile(join(folder, "other", "theirs"), secretId);
  });
  afterAll(async () => {
    await peer.close();
    await rm(folder, { recursive: true, force: true });
  });
  const open = (auth: object) => openAt(peer, auth, { folder });

  test.each([
    ["an AppRole", { method: "approle", roleId, secretId: { file: "secret-id" } }],
    ["a service account's token", { method: "kubernetes", role: "delivery", jwt: { file: "jwt" } }],
  ])("lets the server in by %s, and again where its token has ended", async (_how, auth) => {
    const vault = open(auth);
    const set = await vault.setSecret(shop, "API_KEY", "one");
    peer.revokeTokens();
    expect(await vault.revealSecrets(shop, [set])).toEqual({ API_KEY: "one" });
  });

  test("an expired token that nothing replaces is told, and that it is the vault's answer", async () => {
    const vault = open({ method: "token", token: { env: "CONNECTSOFT_VAULT_ACME__OLD" } });
    await expect(vault.listSecrets(shop)).rejects.toThrow(
      /Unavailable: the OpenBao at 127\.0\.0\.1:\d+ does not let the server in: HTTP 403, as where a token has expired/,
    );
  });

  test("the namespace goes with every question", async () => {
    const own = await openKeyValuePeer();
    await openAt(own, tokenAuth, { more: { namespace: "acme/delivery" } }).listSecrets(shop);
    expect(new Set(own.seen.map(({ headers }) => headers["x-vault-namespace"]))).toEqual(
      new Set(["acme/delivery"]),
    );
    await own.close();
  });

  test("a version that was destroyed, with another written under its number since, is missing", async () => {
    const vault = open({ method: "approle", roleId, secretId: { file: "secret-id" } });
    const approved = await vault.setSecret(shop, "PURGED", "approved");
    peer.purge("acme/staging/shop/PURGED");
    peer.put("acme/staging/shop/PURGED", { value: "put in its place" });
    expect((await vault.listSecrets(shop)).find(({ name }) => name === "PURGED")).not.toEqual(approved);
    await expect(vault.revealSecrets(shop, [approved])).rejects.toThrow(/SecretsMissing/);
  });

  test("a secret without the field `value` is missing, and its other fields stay where they are", async () => {
    const vault = open({ method: "approle", roleId, secretId: { file: "secret-id" } });
    peer.put("acme/staging/shop/FIELDS", { password: "hidden" });
    const [listed] = (await vault.listSecrets(shop)).filter(({ name }) => name === "FIELDS");
    await expect(vault.revealSecrets(shop, listed === undefined ? [] : [listed])).rejects.toThrow(
      /SecretsMissing/,
    );
  });

  test("a vault that is down is told by its name, and what went wrong", async () => {
    const gone = await openKeyValuePeer();
    await gone.close();
    await expect(openAt(gone, tokenAuth).listSecrets(shop)).rejects.toThrow(
      /Unavailable: the OpenBao at .* cannot be reached: .*ECONNREFUSED/,
    );
  });

  test.each([
    [
      "another tenant's variable",
      { env: "CONNECTSOFT_VAULT_OTHER__TOKEN" },
      /InvalidNamespaceAccess: .* is no variable of tenant acme/,
    ],
    ["a variable that is like its own", { env: "CONNECTSOFT_VAULT_ACME_X__TOKEN" }, /InvalidNamespaceAccess/],
    [
      "a variable that is not there",
      { env: "CONNECTSOFT_VAULT_ACME__NONE" },
      /SecretsMissing: the server has no variable/,
    ],
    ["a file of another tenant", { file: "theirs" }, /SecretsMissing: the server cannot read the file/],
  ])("%s lets nobody in, and nothing is sent", async (_what, token, why) => {
    const own = await openKeyValuePeer();
    await expect(openAt(own, { method: "token", token }, { folder }).listSecrets(shop)).rejects.toThrow(why);
    expect(own.seen).toEqual([]);
    await own.close();
  });
});

function openAt(peer: KeyValuePeer, auth: object, with_: { folder?: string; more?: object } = {}): Vault {
  const settings = vaultSchema.parse({ kind: "openbao", address: peer.address, auth, ...with_.more });
  const { shelf, words } = openKeyValue(settings as KeyValueSettings, groundOf(with_.folder ?? "/none"));
  return vaultOf(shelf, words);
}

function groundOf(folder: string): VaultGround {
  const env = {
    CONNECTSOFT_VAULT_ACME__TOKEN: givenToken,
    CONNECTSOFT_VAULT_ACME__OLD: "hvs.expired",
    CONNECTSOFT_VAULT_OTHER__TOKEN: givenToken,
    CONNECTSOFT_VAULT_ACME_X__TOKEN: givenToken,
  };
  return {
    credentials: { env, folder, tenantId: "acme" },
    place: "acme/staging",
    timeoutMs: 5_000,
    ca: undefined,
  };
}
