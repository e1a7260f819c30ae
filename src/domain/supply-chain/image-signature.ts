/**
 * The signature of an image in cosign's format: its payload (containers/image "simple signing", as cosign writes it) and a
 * signature over that payload's bytes. `cosign verify-blob --key` verifies both as they stand in the artifact.
 */
import { createPublicKey, verify } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "../canonical-json.ts";
import { remember } from "../remember.ts";
import type { TrustedKey } from "./signed-subjects.ts";

const signatureSchema = z.strictObject({
  /** Base64. */
  payload: z.string(),
  signature: z.string(),
  keyId: z.string(),
});

const payloadSchema = z.looseObject({
  critical: z.looseObject({
    image: z.looseObject({ "docker-manifest-digest": z.string() }),
    type: z.literal("cosign container image signature"),
  }),
});

export function imagePayload(manifestDigest: string): Buffer {
  return Buffer.from(
    canonicalJson({
      critical: {
        identity: { "docker-reference": "" },
        image: { "docker-manifest-digest": manifestDigest },
        type: "cosign container image signature",
      },
      optional: null,
    }),
  );
}

export async function signImage(
  manifestDigest: string,
  sign: (payload: Uint8Array) => Promise<{ keyId: string; signature: Uint8Array }>,
): Promise<string> {
  const payload = imagePayload(manifestDigest);
  const { keyId, signature } = await sign(payload);
  const document = {
    payload: payload.toString("base64"),
    signature: Buffer.from(signature).toString("base64"),
    keyId,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

export function verifyImage(
  text: string | undefined,
  { manifestDigest, keys }: { manifestDigest: string; keys: readonly TrustedKey[] },
): ImageVerdict {
  if (text === undefined) return { good: false, why: "no signature was found" };
  return verifyText({ text, manifestDigest, keys });
}

export type ImageVerdict = { good: true; keyId: string } | { good: false; why: string };

interface SignedImage {
  text: string;
  manifestDigest: string;
  keys: readonly TrustedKey[];
}

/** A release is evaluated again and again, and the signature of its image stays what it is. */
const verifyText = remember(verifyAnew, {
  keyOf: ({ text, manifestDigest, keys }) =>
    JSON.stringify([manifestDigest, keys.map(({ keyId, publicKey }) => [keyId, publicKey]), text]),
  kept: 200,
});

function verifyAnew({ text, manifestDigest, keys }: SignedImage): ImageVerdict {
  const parsed = signatureSchema.safeParse(jsonOf(text));
  if (!parsed.success) return { good: false, why: "its signature cannot be read" };
  const { payload, signature, keyId } = parsed.data;
  const key = keys.find((one) => one.keyId === keyId);
  if (key === undefined)
    return {
      good: false,
      why: `its signature is of the key ${keyId.slice(0, 12)}, which the tenant does not have`,
    };
  const bytes = Buffer.from(payload, "base64");
  if (!verify(null, bytes, createPublicKey(key.publicKey), Buffer.from(signature, "base64")))
    return { good: false, why: "its signature does not fit what it says" };
  if (signedImage(bytes) !== manifestDigest) return { good: false, why: "what is signed is another image" };
  return { good: true, keyId };
}

/** The digest of the manifest that a payload is about. */
export function signedImage(payload: Buffer): string | undefined {
  const said = payloadSchema.safeParse(jsonOf(payload.toString("utf8")));
  return said.data?.critical.image["docker-manifest-digest"];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
