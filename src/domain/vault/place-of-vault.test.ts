import { expect, test } from "vitest";
import { vaultSchema } from "../tenant/vault-settings.ts";
import { placeOfVault } from "./place-of-vault.ts";

const scope = { tenantId: "acme", environment: "production", moduleId: "shop" };
const token = { method: "token", token: { env: "CONNECTSOFT_VAULT_ACME__TOKEN" } };
const address = "https://{tenant}-{environment}.vault.azure.net";

test.each([
  [{ kind: "local" }, undefined],
  [
    { kind: "openbao", address: "https://bao.example", auth: token },
    "openbao https://bao.example secret/acme/production/shop",
  ],
  [{ kind: "kubernetes" }, "kubernetes acme-production/connectsoft.shop"],
  [
    { kind: "azure-key-vault", address, auth: { method: "managed-identity" } },
    "azure-key-vault https://acme-production.vault.azure.net",
  ],
])("of %j it is %s", (settings, words) => {
  expect(placeOfVault(vaultSchema.parse(settings), scope)).toBe(words);
});
