/** `signIn` of `tenant.yaml`: the OpenID Connect provider whose people call here, and what their groups are worth. */
import { z } from "zod";
import { duration, personId, roleSchema } from "./role.ts";

/** Signatures by a secret that both sides know are not among them: who can check those can make them. */
export const signatureAlgorithms = [
  ...(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] as const),
  ...(["ES256", "ES384", "ES512", "EdDSA", "Ed25519"] as const),
] as const;

const claimName = z.string().min(1).max(200);

export const signInSchema = z
  .object({
    /** As the provider names itself in what it signs. */
    issuer: z.url().refine(isSafe, "expected https, or http on this machine"),
    /** Of the command line, registered as a native application with a loopback address to come back to. */
    clientId: z.string().min(1).max(200),
    /** Of this API, as access tokens name it. */
    audience: z.string().min(1).max(500),
    scopes: z.array(z.string().min(1).max(100)).max(20).default(["openid", "offline_access"]),
    /** Sent along when somebody signs in, where the provider asks for it: `resource`, `audience`. */
    parameters: z
      .record(z.string().regex(/^[a-z_]{1,50}$/), z.string().max(500))
      .default({})
      .refine((given) => !Object.hasOwn(given, "client_secret"), {
        message:
          "a secret does not stand in this file: say where it is with clientSecretEnv or clientSecretFile",
      }),
    /** Where who signs in has the client's secret, at a provider that insists on one: a variable of this form only. */
    clientSecretEnv: z
      .string()
      .regex(/^CONNECTSOFT_([A-Z0-9_]{1,80}_)?SECRET$/, "expected a name such as CONNECTSOFT_ACME_SECRET")
      .optional(),
    /** The same, as a file of the folder `connectsoft` of their configuration. */
    clientSecretFile: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,80}\.secret$/, "expected a name such as acme.secret")
      .optional(),
    /** The claim that is a person's id in this file. */
    personClaim: claimName.default("sub"),
    groupsClaim: claimName.default("groups"),
    /** Roles that members of a group hold, for the tenant. */
    groups: z.record(z.string().min(1).max(200), z.array(roleSchema)).default({}),
    /** Whether somebody whom this file does not name is let in by their groups. */
    admitGroups: z.boolean().default(false),
    /** How long groups of the last sign-in let somebody sponsor and vote; absent: tenant.yaml alone does. */
    groupsHold: duration.optional(),
    /** Who is let in by no sign-in any more, and whose votes are void, whatever the provider says. */
    barred: z.array(personId).max(1_000).default([]),
    algorithms: z
      .array(z.enum(signatureAlgorithms))
      .min(1)
      .default(["RS256", "PS256", "ES256", "EdDSA", "Ed25519"]),
  })
  .strict()
  .refine(({ clientSecretEnv, clientSecretFile }) => !clientSecretEnv || !clientSecretFile, {
    path: ["clientSecretFile"],
    message: "expected one of clientSecretEnv and clientSecretFile",
  })
  .refine(({ clientId, audience }) => clientId !== audience, {
    path: ["audience"],
    message: "expected another name than clientId, which stands in ID tokens: those let nobody in",
  });
export type SignIn = z.infer<typeof signInSchema>;

function isSafe(text: string): boolean {
  const { protocol, hostname } = new URL(text);
  return protocol === "https:" || (protocol === "http:" && isLoopback(hostname));
}

export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
