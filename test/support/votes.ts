/** Votes that people give, signed as the server signs them, with a key of the test's own. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import type { JsonObject } from "../../src/domain/json.ts";
import { type VoteFacts, voteEnvelopeBytes, voteStatement } from "../../src/domain/release/vote-statement.ts";
import type { Signer } from "../../src/ports/signer.ts";

export interface TestSigner extends Pick<Signer, "keys" | "sign"> {
  /** Data of ApprovalGranted or ApprovalRefused. */
  signed(facts: VoteFacts): JsonObject;
}

export function createTestSigner(): TestSigner {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const keyId = createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("hex");
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  return {
    keys: async () => [{ keyId, publicKey: pem, madeAt: "2025-01-01T00:00:00.000Z" }],
    sign: async (_tenantId, payload) => ({ keyId, signature: sign(null, payload, privateKey) }),
    signed(facts) {
      const { subject: _subject, environment: _environment, roles, digests, ...data } = facts;
      const value = sign(null, voteEnvelopeBytes(voteStatement(facts)), privateKey).toString("base64");
      return {
        ...data,
        roles: [...roles],
        digests: { ...digests },
        signature: { by: "server", keyId, value },
      };
    },
  };
}
