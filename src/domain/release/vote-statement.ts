/**
 * What somebody signs who decides on a release: an in-toto Statement about the bytes, with the decision as its
 * predicate. It is made again from the event whenever the vote is counted, so an altered event does not verify.
 */
import { createPublicKey, verify } from "node:crypto";
import { canonicalJson } from "../canonical-json.ts";
import type { Digests } from "../event/event-catalogue.ts";
import type { Subject } from "../scope.ts";
import { verifySshSignature } from "../signature/ssh-signature.ts";
import type { Role } from "../tenant/role.ts";

/** Of the predicate; docs/reference/approvals.md describes it. */
export const voteType = "https://connectsoft.io/delivery/release-vote/v1";
/** What `ssh-keygen -Y sign -n` is told. */
export const voteNamespace = "connectsoft-approval";
const payloadType = "application/vnd.in-toto+json";

export type VoteDecision = "approved" | "refused" | "changes-requested";

export interface VoteFacts {
  subject: Subject;
  environment: string;
  releaseId: string;
  decision: VoteDecision;
  by: string;
  /** The person whose role it is, where it was delegated. */
  onBehalfOf?: string;
  /** The roles that the vote may count in. */
  roles: readonly Role[];
  method: string;
  comment: string;
  /** ISO 8601. */
  at: string;
  digests: Digests;
}

export function voteStatement(facts: VoteFacts): string {
  const { subject, digests, ...decision } = facts;
  const { commit, tree, artifact } = digests;
  return canonicalJson({
    _type: "https://in-toto.io/Statement/v1",
    subject: [
      {
        name: `${subject.tenantId}/${subject.moduleId}`,
        digest: { sha256: artifact.replace(/^sha256:/, "") },
      },
      { name: "commit", digest: { gitCommit: commit } },
      { name: "tree", digest: { gitTree: tree } },
    ],
    predicateType: voteType,
    predicate: { ...subject, ...decision, digests },
  });
}

/** What the server signs of it: DSSE's pre-authentication encoding, so that the signature fits an envelope. */
export function voteEnvelopeBytes(statement: string): Buffer {
  const body = Buffer.from(statement);
  return Buffer.concat([Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${body.length} `), body]);
}

/** `server`: in base64, by the tenant's key, for the person who was logged in. `own-key`: an SSH signature of the person's. */
export interface StoredSignature {
  by: "server" | "own-key";
  keyId: string;
  value: string;
}

export interface ServerKey {
  keyId: string;
  publicKey: string;
  /** ISO 8601. */
  retiredAt?: string;
}

export type VoteSignature = { good: true; label: string } | { good: false; why: string };

export function verifyVote(
  facts: VoteFacts,
  signature: StoredSignature | undefined,
  known: { serverKeys: readonly ServerKey[]; personKeys: readonly string[] },
): VoteSignature {
  if (signature === undefined) return { good: false, why: "is not signed" };
  const statement = voteStatement(facts);
  if (signature.by === "own-key") {
    const message = Buffer.from(statement);
    const signed = { message, namespace: voteNamespace, signature: signature.value };
    const verdict = verifySshSignature(signed, known.personKeys);
    return verdict.good
      ? { good: true, label: `signed by ${facts.by} with ${verdict.fingerprint}` }
      : { good: false, why: `carries a signature that ${verdict.why}` };
  }
  const key = known.serverKeys.find(({ keyId }) => keyId === signature.keyId);
  if (key === undefined)
    return {
      good: false,
      why: `is signed with ${signature.keyId.slice(0, 12)}, which is no key of this tenant`,
    };
  if (key.retiredAt !== undefined && Date.parse(facts.at) > Date.parse(key.retiredAt))
    return { good: false, why: `is signed with a key that was retired before, at ${key.retiredAt}` };
  const value = Buffer.from(signature.value, "base64");
  return verify(null, voteEnvelopeBytes(statement), createPublicKey(key.publicKey), value)
    ? { good: true, label: `signed by the server for ${facts.by}` }
    : { good: false, why: "carries a signature that does not fit what it says" };
}
