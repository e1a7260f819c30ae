/** `gates` of `tenant.yaml`: conditions of release that somebody else's service or program answers. */
import { z } from "zod";
import { slug } from "../scope.ts";
import { duration } from "./role.ts";

/** A value in the file, or the name of a secret that holds it. */
const header = z.union([
  z
    .string()
    .max(1_000)
    .regex(/^[\x20-\x7e]*$/, "expected printable characters"),
  z.object({ secret: z.string().regex(/^[A-Z_][A-Z0-9_]*$/, "expected a name such as GATE_TOKEN") }).strict(),
]);

const httpSchema = z
  .object({
    url: z
      .string()
      .max(2_000)
      .refine(isPlainAddress, "expected an http or https address without user name and password"),
    headers: z
      .record(z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, "expected the name of a header"), header)
      .default({}),
  })
  .strict();

export const externalGateSchema = z
  .object({
    name: slug,
    http: httpSchema.optional(),
    /** A program that the server's owner has put into its folder of gates, and its arguments. No shell reads them. */
    command: z
      .tuple([
        z
          .string()
          .regex(
            /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
            "expected the name of a program in the folder of gates",
          ),
      ])
      .rest(z.string().max(1_000))
      .optional(),
    timeout: duration.default("10s"),
    /** How soon it is asked again where it has no answer; less and less often the longer that lasts. */
    again: duration.default("30s"),
    /** Absent: all of them. */
    environments: z.array(slug).min(1).optional(),
    modules: z.array(slug).min(1).optional(),
  })
  .strict()
  .refine(({ http, command }) => (http === undefined) !== (command === undefined), {
    message: "expected exactly one of http and command",
  });
export type ExternalGate = z.output<typeof externalGateSchema>;

export const externalGatesSchema = z.array(externalGateSchema).max(50).default([]);

/** Secrets for gates are set for this module, so that no other gets them. */
export const gateSecretsHolder = "release-manager";

function isPlainAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return (protocol === "http:" || protocol === "https:") && username === "" && password === "";
}
