import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseTenant } from "../../domain/tenant/parse-tenant.ts";
import { clientSecretOf } from "./client-secret.ts";

const declaration = (keys: string) => `id: acme
people: [{ id: jane, roles: [StudioAdmin] }]
environments: [{ id: production }]
signIn: { issuer: "https://login.acme.example", clientId: connectsoft, audience: api, ${keys} }
`;
const problemOf = (keys: string) => {
  try {
    parseTenant(declaration(keys), "tenant.yaml");
    return "none";
  } catch (error) {
    return String(error);
  }
};

describe("tenant.yaml", () => {
  test("says where a client secret is, and holds none", () => {
    expect(problemOf("clientSecretEnv: CONNECTSOFT_ACME_SECRET")).toBe("none");
    expect(problemOf("clientSecretFile: acme.secret")).toBe("none");
    const plain = problemOf("clientSecret: s3cr3t-4711");
    expect(plain).toMatch(/unknown key "clientSecret"; expected .*clientSecretEnv, clientSecretFile/);
    const parameter = problemOf("parameters: { client_secret: s3cr3t-4711 }");
    expect(parameter).toMatch(/tenant.yaml:4:.*clientSecretEnv or clientSecretFile/);
    for (const said of [plain, parameter]) expect(said).not.toContain("s3cr3t-4711");
  });

  test("names nothing on people's machines but what is for this", () => {
    for (const key of ["AWS_SECRET_ACCESS_KEY", "HOME", "CONNECTSOFT_TOKEN"])
      expect(problemOf(`clientSecretEnv: ${key}`)).toMatch(/CONNECTSOFT_ACME_SECRET/);
    for (const file of ["/etc/passwd", "../../.ssh/id_ed25519", "sign-ins.json", "a/b.secret"])
      expect(problemOf(`clientSecretFile: ${file}`)).toMatch(/acme\.secret/);
    expect(problemOf("clientSecretEnv: CONNECTSOFT_A_SECRET, clientSecretFile: a.secret")).toMatch(/one of/);
  });
});

describe("the secret of a client", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "sign-in-"));
    await mkdir(path.join(folder, "connectsoft"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("comes from where the tenant says, and is missed by name", async () => {
    const env = {
      XDG_CONFIG_HOME: folder,
      CONNECTSOFT_ACME_SECRET: "by-env",
      CONNECTSOFT_CLIENT_SECRET: "usual",
    };
    const secretOf = (more: object, from: NodeJS.ProcessEnv = env) =>
      clientSecretOf(from, { tenantId: "acme", ...more });
    expect(await secretOf({})).toBe("usual");
    expect(await secretOf({}, {})).toBeUndefined();
    expect(await secretOf({ clientSecretEnv: "CONNECTSOFT_ACME_SECRET" })).toBe("by-env");
    await expect(secretOf({ clientSecretEnv: "CONNECTSOFT_OTHER_SECRET" })).rejects.toThrow(
      /SecretsMissing: .*CONNECTSOFT_OTHER_SECRET is not set/,
    );
    await expect(secretOf({ clientSecretFile: "acme.secret" })).rejects.toThrow(/SecretsMissing: .*ENOENT/);
    await writeFile(path.join(folder, "connectsoft", "acme.secret"), "\n");
    await expect(secretOf({ clientSecretFile: "acme.secret" })).rejects.toThrow(/is empty/);
    await writeFile(path.join(folder, "connectsoft", "acme.secret"), "by-file\n");
    expect(await secretOf({ clientSecretFile: "acme.secret" })).toBe("by-file");
  });
});
