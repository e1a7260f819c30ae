/** `environments[].vault` of `tenant.yaml`: where the environment's secrets are kept, and how the server is let in. */
import { z } from "zod";
import { isLoopback } from "./sign-in.ts";

/** Words of the tenant that stands in the name of a variable of the server: `CONNECTSOFT_VAULT_<TENANT>__<NAME>`. */
const variable = z
  .string()
  .max(200)
  .regex(
    /^CONNECTSOFT_VAULT_[A-Z0-9_]+__[A-Z0-9]+(_[A-Z0-9]+)*$/,
    "expected a variable of the server such as CONNECTSOFT_VAULT_ACME__TOKEN",
  );
const fileName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    "expected the name of a file in the tenant's folder of vault credentials",
  );

/** What lets the server in is never written into this file: it says where the server finds it. */
export const credentialSchema = z.union(
  [z.object({ env: variable }).strict(), z.object({ file: fileName }).strict()],
  "expected { env: CONNECTSOFT_VAULT_<TENANT>__<NAME> } or { file: <name> }: credentials are not written here",
);
export type Credential = z.infer<typeof credentialSchema>;

const address = z
  .string()
  .max(500)
  .refine(isSafeAddress, "expected an https address without user, path and query, or http on this machine");

/** Path segments with `{tenant}`, `{environment}` and `{module}`, each of them a segment or part of one. */
const path = z
  .string()
  .max(300)
  .regex(
    /^[A-Za-z0-9_.{}-]+(\/[A-Za-z0-9_.{}-]+)*$/,
    "expected a path such as {tenant}/{environment}/{module}",
  )
  .refine(
    (text) => !text.split("/").some((segment) => /^\.+$/.test(segment)),
    "expected no . and .. in a path",
  )
  .refine(hasKnownWords, "expected no braces but of {tenant}, {environment} and {module}")
  .refine(
    (text) => ["{tenant}", "{environment}", "{module}"].every((word) => text.split("/").includes(word)),
    "expected {tenant}, {environment} and {module}, each as a segment of its own: nobody reads another's secrets",
  );
const mount = z
  .string()
  .max(100)
  .regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*$/, "expected a mount such as secret");

const keyValueAuth = z.discriminatedUnion("method", [
  z.object({ method: z.literal("token"), token: credentialSchema }).strict(),
  z
    .object({
      method: z.literal("approle"),
      mount: mount.default("approle"),
      roleId: z.string().min(1).max(200),
      secretId: credentialSchema,
    })
    .strict(),
  z
    .object({
      method: z.literal("kubernetes"),
      mount: mount.default("kubernetes"),
      role: z.string().min(1).max(200),
      /** A service account's token, projected for the vault and for nobody else. */
      jwt: credentialSchema,
    })
    .strict(),
]);

/** HashiCorp Vault and OpenBao speak the same: the key-value engine, version 2. */
const keyValueSchema = z
  .object({
    kind: z.enum(["vault", "openbao"]),
    address,
    namespace: z
      .string()
      .max(200)
      .regex(/^[A-Za-z0-9_-]+(\/[A-Za-z0-9_-]+)*\/?$/, "expected a namespace such as acme/delivery")
      .optional(),
    mount: mount.default("secret"),
    path: path.default("{tenant}/{environment}/{module}"),
    auth: keyValueAuth,
  })
  .strict();

const dnsTemplate = (words: readonly string[], example: string) =>
  z
    .string()
    .max(200)
    .regex(/^[a-z0-9.{}-]+$/, `expected a name such as ${example}`)
    .refine(hasKnownWords, "expected no braces but of {tenant}, {environment} and {module}")
    .refine(
      (text) => words.every((word) => text.includes(word)),
      `expected ${words.join(" and ")} in it, as in ${example}: nobody reads another's secrets`,
    );

const kubernetesSchema = z
  .object({
    kind: z.literal("kubernetes"),
    /** Absent: the cluster that the server runs in, as the service account that it runs as. */
    kubeconfig: credentialSchema.optional(),
    namespace: dnsTemplate(["{tenant}", "{environment}"], "{tenant}-{environment}").default(
      "{tenant}-{environment}",
    ),
    name: dnsTemplate(["{module}"], "connectsoft.{module}").default("connectsoft.{module}"),
    /** Of versions that releases were given, for as long as one may go back to them; none: they are nowhere but there. */
    copies: z.enum(["sealed", "none"]).default("sealed"),
  })
  .strict();

const guid = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$/, "expected an id such as 8a9c1c1e-7f0b-4d0e-a9b0-1c2d3e4f5a6b");

/** Of Azure and of its sovereign clouds. */
const azureHost = /^https:\/\/[a-z0-9{}-]+\.vault\.(azure\.net|azure\.cn|usgovcloudapi\.net)\/?$/;

const azureSchema = z
  .object({
    kind: z.literal("azure-key-vault"),
    /** May hold `{tenant}` and `{environment}`; with a managed identity it has to. */
    address: z
      .string()
      .max(500)
      .refine(
        (text) => isSafeAddress(text.replace("{tenant}", "t").replace("{environment}", "e")),
        "expected an address such as https://{tenant}-{environment}.vault.azure.net",
      ),
    auth: z.discriminatedUnion("method", [
      z
        .object({
          method: z.literal("client-secret"),
          directory: guid,
          clientId: guid,
          clientSecret: credentialSchema,
          authority: address.default("https://login.microsoftonline.com"),
        })
        .strict(),
      z.object({ method: z.literal("managed-identity"), clientId: guid.optional() }).strict(),
    ]),
  })
  .strict()
  .refine(
    ({ auth, address: text }) =>
      auth.method !== "managed-identity" ||
      (azureHost.test(text) && text.includes("{tenant}") && text.includes("{environment}")),
    {
      path: ["address"],
      message:
        "expected an address such as https://{tenant}-{environment}.vault.azure.net: the server's own identity may read other vaults too, and its tokens go to Azure only",
    },
  );

export const vaultSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("local") }).strict(),
  keyValueSchema,
  kubernetesSchema,
  azureSchema,
]);
export type VaultSettings = z.infer<typeof vaultSchema>;
export type KeyValueSettings = z.infer<typeof keyValueSchema>;
export type KubernetesSettings = z.infer<typeof kubernetesSchema>;
export type AzureSettings = z.infer<typeof azureSchema>;

function hasKnownWords(text: string): boolean {
  return !/[{}]/.test(text.replaceAll(/\{(tenant|environment|module)\}/g, ""));
}

function isSafeAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, pathname, search, hash } = new URL(text);
  if (username + password + search + hash !== "" || pathname !== "/") return false;
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}
