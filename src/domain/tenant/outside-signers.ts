/** `evidence.signers` of tenant.yaml: keys of others whose signatures of what was built the tenant takes. */
import { createPublicKey, type KeyObject } from "node:crypto";
import { z } from "zod";
import { slug } from "../scope.ts";
import { isSshEd25519Key } from "../signature/ssh-signature.ts";

export const signedThings = ["artifact", "image", "sbom", "provenance", "pipelines", "plan"] as const;
export type SignedThing = (typeof signedThings)[number];
/** What was built. A key vouches for pipeline files and plans where it is listed for them, and not of itself. */
const builtThings: SignedThing[] = ["artifact", "image", "sbom", "provenance"];

/** The tenant's own key, in lists of whose signature counts. */
export const ownSigner = "own";

const signerSchema = z
  .object({
    id: slug.refine((id) => id !== ownSigner, "own is the tenant's own key; expected another name"),
    /** PEM, as cosign.pub is. */
    key: z
      .string()
      .max(10_000)
      .refine(isTakenKey, "expected a public key in PEM: Ed25519, ECDSA, or RSA of 2048 bits or more")
      .optional(),
    /** A line of an allowed-signers file, or of `ssh-keygen`. */
    ssh: z
      .string()
      .max(2_000)
      .refine(
        (line) => isSshEd25519Key(bareSshKey(line)),
        "expected a line such as lee@acme.example ssh-ed25519 AAAA...",
      )
      .optional(),
    for: z.array(z.enum(signedThings)).min(1).default(builtThings),
  })
  .strict()
  .refine(
    ({ key, ssh }) => (key === undefined) !== (ssh === undefined),
    "expected exactly one of key and ssh",
  );
export type OutsideSigner = z.infer<typeof signerSchema>;

export const outsideSignersSchema = z
  .array(signerSchema)
  .max(100)
  .default([])
  .refine((signers) => new Set(signers.map(({ id }) => id)).size === signers.length, {
    message: "two signers have one id; keep one of them",
  });

/** Without the principals that an allowed-signers file has in front of it. */
export function bareSshKey(line: string): string {
  return line.trim().replace(/^\S+\s+(?=ssh-ed25519 )/, "");
}

function isTakenKey(pem: string): boolean {
  // A private key has a public one in it, and has no place in a declaration.
  if (/PRIVATE/.test(pem)) return false;
  const key = keyOf(pem);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key ?? {};
  return type === "ed25519" || type === "ec" || (type === "rsa" && (details?.modulusLength ?? 0) >= 2_048);
}

function keyOf(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}
