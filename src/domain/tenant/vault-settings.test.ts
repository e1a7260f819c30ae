import { describe, expect, test } from "vitest";
import { vaultSchema } from "./vault-settings.ts";

const token = { method: "token", token: { env: "CONNECTSOFT_VAULT_ACME__TOKEN" } };
const bao = { kind: "openbao", address: "https://bao.acme.example:8200", auth: token };

describe("environments[].vault", () => {
  test("has a place of each scope where nothing is said", () => {
    expect(vaultSchema.parse(bao)).toMatchObject({
      mount: "secret",
      path: "{tenant}/{environment}/{module}",
    });
    expect(vaultSchema.parse({ kind: "kubernetes" })).toMatchObject({
      namespace: "{tenant}-{environment}",
      name: "connectsoft.{module}",
    });
  });

  const client = { method: "client-secret", directory: "d", clientId: "c", clientSecret: token.token };
  const machine = { method: "managed-identity" };
  test.each([
    [
      "a token in the file",
      { ...bao, auth: { method: "token", token: "hvs.abc" } },
      /credentials are not written here/,
    ],
    [
      "a variable of the server that is no vault's",
      { ...bao, auth: { ...token, token: { env: "DATABASE_URL" } } },
      /expected/,
    ],
    [
      "a file outside of the tenant's folder",
      { ...bao, auth: { ...token, token: { file: "../other/token" } } },
      /expected/,
    ],
    ["an absolute file", { ...bao, auth: { ...token, token: { file: "/etc/shadow" } } }, /expected/],
    ["an address without encryption", { ...bao, address: "http://bao.acme.example" }, /https/],
    ["an address with a password", { ...bao, address: "https://a:b@bao.acme.example" }, /without user/],
    [
      "another tenant's path",
      { ...bao, path: "other/{environment}/{module}" },
      /nobody reads another's secrets/,
    ],
    ["a path that leads up", { ...bao, path: "{tenant}/../{environment}/{module}" }, /no \. and \.\./],
    ["a word that nobody fills in", { ...bao, path: "{tenant}/{environment}/{module}/{user}" }, /no braces/],
    [
      "a path that runs words together",
      { ...bao, path: "{tenant}{environment}/{module}" },
      /segment of its own/,
    ],
    [
      "a namespace of everybody",
      { kind: "kubernetes", namespace: "default" },
      /nobody reads another's secrets/,
    ],
    ["an unknown key", { ...bao, tokn: "x" }, /tokn/],
    ["an unknown vault", { kind: "drawer" }, /kind|Invalid/],
    [
      "the machine's identity for any vault",
      { kind: "azure-key-vault", address: "https://kv.vault.azure.net", auth: machine },
      /own identity/,
    ],
    [
      "the machine's identity for a stranger",
      { kind: "azure-key-vault", address: "https://{tenant}-{environment}.evil.example", auth: machine },
      /go to Azure only/,
    ],
    [
      "a query in an address",
      { kind: "azure-key-vault", address: "https://kv.vault.azure.net/?x=1", auth: client },
      /expected/,
    ],
  ])("refuses %s", (_what, given, why) => {
    const parsed = vaultSchema.safeParse(given);
    expect(parsed.success).toBe(false);
    expect(JSON.stringify(parsed.error?.issues)).toMatch(why);
  });
});
