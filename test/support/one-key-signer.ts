import { generateKeyPairSync, sign } from "node:crypto";
import { keyIdOf } from "../../src/domain/audit/checkpoint.ts";
import type { Signer } from "../../src/ports/signer.ts";

/** Signs for every tenant with one key of its own, which is in no database. */
export function oneKeySigner(): Signer {
  const pair = generateKeyPairSync("ed25519");
  const publicKey = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
  const key = { keyId: keyIdOf(publicKey), publicKey, madeAt: "2026-01-01T00:00:00.000Z" };
  return {
    async sign(_, payload) {
      return { keyId: key.keyId, signature: sign(null, payload, pair.privateKey) };
    },
    async keys() {
      return [key];
    },
    async rotate() {
      return key;
    },
  };
}
