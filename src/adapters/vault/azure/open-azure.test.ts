import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AzurePeer,
  clientId,
  clientSecret,
  directory,
  openAzurePeer,
} from "../../../../test/support/vaults/azure-peer.ts";
import { type AzureSettings, vaultSchema } from "../../../domain/tenant/vault-settings.ts";
import { vaultConformance } from "../../../ports/vault.conformance.ts";
import type { Vault } from "../../../ports/vault.ts";
import { vaultOf } from "../shelf.ts";
import { azureToken } from "./azure-token.ts";
import { openAzure } from "./open-azure.ts";

const shop = { tenantId: "acme", environment: "staging", moduleId: "shop" };

/** An environment and a tenant have vaults of their own there: the address says which. */
vaultConformance("Azure Key Vault's interface as it is published", async () => {
  const peers = new Map<string, Promise<AzurePeer>>();
  const vaultFor = async ({ tenantId, environment }: { tenantId: string; environment: string }) => {
    const place = `${tenantId}/${environment}`;
    const peer = peers.get(place) ?? openAzurePeer();
    peers.set(place, peer);
    return openAt(await peer, { place });
  };
  const vault: Vault = {
    listSecrets: async (scope) => (await vaultFor(scope)).listSecrets(scope),
    setSecret: async (scope, ...rest) => (await vaultFor(scope)).setSecret(scope, ...rest),
    unsetSecret: async (scope, name) => (await vaultFor(scope)).unsetSecret(scope, name),
    revealSecrets: async (scope, references) => (await vaultFor(scope)).revealSecrets(scope, references),
  };
  return {
    vault,
    keepsVersions: true,
    async dispose() {
      for (const peer of peers.values()) await (await peer).close();
    },
  };
});

describe("an Azure Key Vault", () => {
  let peer: AzurePeer;
  beforeAll(async () => {
    peer = await openAzurePeer();
  });
  afterAll(() => peer.close());

  test("lists all of its pages, with hyphens in names for underscores", async () => {
    const paged = { ...shop, moduleId: "paged" };
    const names = ["A", "DATABASE_URL", "E", "SMTP__HOST", "Z"];
    for (const name of names) peer.put(`acme--staging--paged--${name.replaceAll("_", "-")}`, "x");
    expect((await openAt(peer).listSecrets(paged)).map(({ name }) => name)).toEqual(names);
  });

  test("a token that has expired is replaced", async () => {
    const vault = openAt(peer);
    const set = await vault.setSecret(shop, "API_KEY", "one");
    peer.expireTokens();
    expect(await vault.revealSecrets(shop, [set])).toEqual({ API_KEY: "one" });
  });

  test("a client's secret that is wrong is told as the vault's answer, without the secret", async () => {
    const denied = openAt(peer, { secret: "wrong~secret" }).listSecrets(shop);
    await expect(denied).rejects.toThrow(/Unavailable: .* does not let the server in: HTTP 401/);
    await expect(denied).rejects.not.toThrow(/wrong~secret/);
  });

  test("a secret that is tagged as another environment's is not read", async () => {
    const own = await openAzurePeer();
    own.put("acme--staging--shop--THEIRS", "hidden", { tenant: "acme", environment: "production" });
    await expect(openAt(own).listSecrets(shop)).rejects.toThrow(
      /InvalidNamespaceAccess: the secret acme--staging--shop--THEIRS .* is marked environment=production, expected environment=staging/,
    );
    await own.close();
  });

  test("a next page elsewhere gets neither the token nor a question", async () => {
    const [own, elsewhere] = [await openAzurePeer(), await openAzurePeer()];
    for (const name of ["A", "B", "C"]) own.put(`acme--staging--shop--${name}`, "x");
    own.sendPagesTo(elsewhere.address);
    await expect(openAt(own).listSecrets(shop)).rejects.toThrow(/names a next page that is not its own/);
    expect(elsewhere.seen).toEqual([]);
    await Promise.all([own.close(), elsewhere.close()]);
  });

  test("what was deleted and can be recovered is told with what to do", async () => {
    const vault = openAt(peer);
    await vault.setSecret(shop, "GONE", "x");
    await vault.unsetSecret(shop, "GONE");
    await expect(vault.setSecret(shop, "GONE", "y")).rejects.toThrow(
      /Conflict: acme--staging--shop--GONE was deleted/,
    );
  });

  test.each([
    [{ ...shop, moduleId: "shop--a" }, "B"],
    [shop, "_HIDDEN"],
    [shop, "ENDS_"],
    [shop, `LONG_${"X".repeat(120)}`],
  ])("what would be two things under one name is refused: %j %s", async (scope, name) => {
    await expect(openAt(peer).setSecret(scope, name, "x")).rejects.toThrow(/InputInvalid/);
  });

  test("the machine's identity is asked for Key Vault's tokens", async () => {
    const settings = vaultSchema.parse({
      kind: "azure-key-vault",
      address: "https://{tenant}-{environment}.vault.azure.net",
      auth: { method: "managed-identity", clientId },
    }) as AzureSettings;
    const line = { vault: "azure-key-vault", timeoutMs: 5_000 };
    const env = { AZURE_POD_IDENTITY_AUTHORITY_HOST: peer.address };
    await azureToken(settings, line, { env, folder: "/none", tenantId: "acme" });
    const asked = peer.seen.findLast(({ url }) => url.pathname.startsWith("/metadata"))?.url.searchParams;
    expect(asked?.get("resource")).toBe("https://vault.azure.net");
    expect(asked?.get("client_id")).toBe(clientId);
  });
});

function openAt(peer: AzurePeer, how: { place?: string; secret?: string } = {}): Vault {
  const settings = vaultSchema.parse({
    kind: "azure-key-vault",
    address: peer.address,
    auth: {
      ...{ method: "client-secret", directory, clientId, authority: peer.address },
      clientSecret: { env: "CONNECTSOFT_VAULT_ACME__CLIENT_SECRET" },
    },
  }) as AzureSettings;
  const env = {
    CONNECTSOFT_VAULT_ACME__CLIENT_SECRET: how.secret ?? clientSecret,
    CONNECTSOFT_VAULT_OTHER__CLIENT_SECRET: clientSecret,
  };
  const place = how.place ?? "acme/staging";
  const { shelf, words } = openAzure(settings, {
    credentials: { env, folder: "/none", tenantId: "acme" },
    place,
    timeoutMs: 5_000,
    ca: undefined,
  });
  return vaultOf(shelf, words);
}
