/**
 * Statements in a DSSE envelope (secure-systems-lab/dsse), in a sigstore bundle (dev.sigstore.bundle.v0.3) that names
 * its public key: cosign and sigstore's libraries verify them with that key and without any service.
 */
import { createPublicKey, verify } from "node:crypto";
import {
  bundleFromJSON,
  bundleToJSON,
  isBundleWithDsseEnvelope,
  isBundleWithPublicKey,
  toDSSEBundle,
} from "@sigstore/bundle";
import { canonicalJson } from "../canonical-json.ts";
import type { VerifyingKey } from "./checkpoint.ts";

export const statementPayloadType = "application/vnd.in-toto+json";

/** What is signed: DSSE's pre-authentication encoding. */
export function envelopeBytes(payload: string): Buffer {
  const body = Buffer.from(payload);
  const head = `DSSEv1 ${statementPayloadType.length} ${statementPayloadType} ${body.length} `;
  return Buffer.concat([Buffer.from(head), body]);
}

/** The text of the bundle. */
export function bundleOf(payload: string, signed: { keyId: string; signature: Uint8Array }): string {
  const bundle = toDSSEBundle({
    artifact: Buffer.from(payload),
    artifactType: statementPayloadType,
    signature: Buffer.from(signed.signature),
    keyHint: signed.keyId,
  });
  // The envelope's own names of keys are each program's own: cosign takes one only that it made up itself.
  for (const one of bundle.content.dsseEnvelope.signatures) one.keyid = "";
  return canonicalJson(bundleToJSON(bundle));
}

export type OpenedBundle<Key> = { good: true; payload: string; key: Key } | { good: false; problem: string };

/** Opens a bundle that is exactly as `bundleOf` makes it and signed by one of the keys. */
export function openBundle<Key extends VerifyingKey>(text: string, keys: readonly Key[]): OpenedBundle<Key> {
  const bundle = parseBundle(text);
  if (bundle === undefined) return { good: false, problem: "is no sigstore bundle in its canonical form" };
  const { payload, signature, keyId } = bundle;
  const key = keys.find((one) => one.keyId === keyId);
  if (key === undefined)
    return { good: false, problem: `names the key ${keyId}, which is not among the keys` };
  if (!verify(null, envelopeBytes(payload), createPublicKey(key.publicKey), signature))
    return { good: false, problem: "carries a signature that does not fit what it says" };
  return { good: true, payload, key };
}

function parseBundle(text: string): { payload: string; signature: Buffer; keyId: string } | undefined {
  try {
    const bundle = bundleFromJSON(JSON.parse(text));
    if (!isBundleWithDsseEnvelope(bundle) || !isBundleWithPublicKey(bundle)) return undefined;
    const { dsseEnvelope } = bundle.content;
    const [signed] = dsseEnvelope.signatures;
    const keyId = bundle.verificationMaterial.content.publicKey.hint;
    if (signed === undefined) return undefined;
    const payload = dsseEnvelope.payload.toString("utf8");
    // Whatever else the text held, or held in another form, this would not give back.
    const isSame = bundleOf(payload, { keyId, signature: signed.sig }) === text;
    return isSame ? { payload, signature: signed.sig, keyId } : undefined;
  } catch {
    return undefined;
  }
}
