/** Secrets in a real OpenBao or HashiCorp Vault: by an AppRole whose policy opens one tenant's paths and nothing else. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openKeyValue } from "../../../src/adapters/vault/key-value/open-key-value.ts";
import { vaultOf } from "../../../src/adapters/vault/shelf.ts";
import { type KeyValueSettings, vaultSchema } from "../../../src/domain/tenant/vault-settings.ts";
import { vaultConformance } from "../../../src/ports/vault.conformance.ts";
import type { Vault } from "../../../src/ports/vault.ts";
import { startVault, type VaultServer, vaultProgram } from "./vault-server.ts";

const missing = vaultProgram === undefined ? ": neither bao nor vault is on the PATH" : "";
const shop = { tenantId: "acme", environment: "staging", moduleId: "shop" };

describe.skipIf(missing !== "")(`a real vault${missing}`, () => {
  vaultConformance(vaultProgram?.version ?? "no vault", async () => {
    const server = await startVault();
    const root = { method: "token", token: { env: "CONNECTSOFT_VAULT_ACME__ROOT" } };
    return { vault: openAt(server, root), keepsVersions: true, dispose: () => server.close() };
  });

  describe("by an AppRole", () => {
    let server: VaultServer;
    let vault: Vault;
    let secretId: string;
    beforeAll(async () => {
      server = await startVault();
      const policy = `path "secret/data/acme/*" { capabilities = ["create", "read", "update", "delete"] }
        path "secret/metadata/acme/*" { capabilities = ["read", "list"] }`;
      await server.call("PUT", "sys/policies/acl/acme", { policy });
      await server.call("POST", "sys/auth/approle", { type: "approle" });
      await server.call("POST", "auth/approle/role/delivery", { token_policies: "acme", token_ttl: "10m" });
      await server.call("POST", "auth/approle/role/delivery/role-id", { role_id: "delivery-of-acme" });
      const given = await server.call("POST", "auth/approle/role/delivery/secret-id");
      secretId = String((given.data as Record<string, unknown>).secret_id);
      vault = openByRole();
    });
    afterAll(() => server?.close());
    const openByRole = () =>
      openAt(
        server,
        {
          method: "approle",
          roleId: "delivery-of-acme",
          secretId: { env: "CONNECTSOFT_VAULT_ACME__SECRET_ID" },
        },
        { CONNECTSOFT_VAULT_ACME__SECRET_ID: secretId },
      );

    test("sets, lists and reveals with the least that it needs", async () => {
      const set = await vault.setSecret(shop, "API_KEY", "one");
      expect(set.versionId).toMatch(/^module\/1@\d{4}-/);
      expect(await vault.listSecrets(shop)).toEqual([set]);
      expect(await vault.revealSecrets(shop, [set])).toEqual({ API_KEY: "one" });
    });

    test("is not let to another tenant's paths by the vault itself, either", async () => {
      await server.call("POST", "secret/data/other/staging/shop/THEIRS", { data: { value: "hidden" } });
      await expect(vault.listSecrets({ ...shop, tenantId: "other" })).rejects.toThrow(
        /Unavailable: .* does not let the server in: HTTP 403/,
      );
    });

    test("gets another token where its own was revoked", async () => {
      const set = await vault.setSecret(shop, "KEPT", "still there");
      await server.call("POST", "sys/leases/revoke-prefix/auth/approle");
      expect(await vault.revealSecrets(shop, [set])).toEqual({ KEPT: "still there" });
    });

    test("says that a version was destroyed, and that a secret was made anew under its name", async () => {
      const first = await vault.setSecret(shop, "PURGED", "one");
      await server.call("PUT", "secret/destroy/acme/staging/shop/PURGED", { versions: [1] });
      await expect(vault.revealSecrets(shop, [first])).rejects.toThrow(/SecretsMissing/);
      await server.call("DELETE", "secret/metadata/acme/staging/shop/PURGED");
      const anew = await vault.setSecret(shop, "PURGED", "two");
      await expect(vault.revealSecrets(shop, [first])).rejects.toThrow(/SecretsMissing/);
      expect(await vault.revealSecrets(shop, [anew])).toEqual({ PURGED: "two" });
    });

    test("says that it is sealed", async () => {
      await server.call("PUT", "sys/seal");
      await expect(openByRole().listSecrets(shop)).rejects.toThrow(
        /Unavailable: .* cannot answer now: HTTP 503/,
      );
    });
  });
});

function openAt(server: VaultServer, auth: object, env: Record<string, string> = {}): Vault {
  const settings = vaultSchema.parse({
    kind: vaultProgram?.kind,
    address: server.address,
    auth,
  }) as KeyValueSettings;
  const { shelf, words } = openKeyValue(settings, {
    credentials: {
      env: { ...env, CONNECTSOFT_VAULT_ACME__ROOT: server.rootToken },
      folder: "/none",
      tenantId: "acme",
    },
    place: "acme/staging",
    timeoutMs: 5_000,
    ca: undefined,
  });
  return vaultOf(shelf, words);
}
