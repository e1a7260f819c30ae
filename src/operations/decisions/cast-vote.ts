/** Puts a decision on the chain, signed by the person's own key, or by the server for them. */

import { digestOf } from "../../domain/canonical-json.ts";
import type { JsonObject } from "../../domain/json.ts";
import { refuse } from "../../domain/refusal.ts";
import { changedDigests } from "../../domain/release/quorum.ts";
import {
  type StoredSignature,
  type VoteDecision,
  type VoteFacts,
  verifyVote,
  voteEnvelopeBytes,
  voteStatement,
} from "../../domain/release/vote-statement.ts";
import type { Authority } from "../../domain/release/voters.ts";
import { fingerprintOf, keyInSignature } from "../../domain/signature/ssh-signature.ts";
import { type Caller, type System, sourceOf } from "../system.ts";
import type { OpenRelease } from "./open-releases.ts";

/** A signature that the person made on their own machine, and the time that it says. */
export interface OwnSignature {
  at: string;
  value: string;
}

export interface Ballot {
  open: OpenRelease;
  decision: VoteDecision;
  authority: Authority;
  comment: string;
  signed?: OwnSignature | undefined;
}

const clockToleranceMs = 5 * 60_000;

/** The same person on the same digests votes once, however often the request arrives: undefined where it stood already. */
export async function castVote(
  system: System,
  caller: Caller,
  ballot: Ballot,
): Promise<VoteFacts | undefined> {
  const { open, decision, comment } = ballot;
  const { place, digests } = open;
  const name = decision === "approved" ? "ApprovalGranted" : "ApprovalRefused";
  const earlier = open.quorum.votes.filter(
    (vote) => vote.by === caller.person && changedDigests(vote.digests, digests).length === 0,
  );
  // One that holds, whether or not it fills a place.
  const stands = earlier.some(({ code, voided }) => code === undefined && voided === undefined);
  if (decision === "approved" && stands) return undefined;
  const facts = factsOf(system, caller, ballot);
  const signature = await signatureOf(system, facts, ballot);
  const { subject, environment, releaseId, roles, ...said } = facts;
  const again = earlier.length === 0 ? "" : `.${earlier.length}`;
  const id = `${name}.${releaseId}.${caller.person}.${digestOf(digests).slice(7, 23)}${again}`;
  const data: JsonObject = {
    ...{ releaseId, ...said, comment },
    roles: [...roles],
    ...(roles[0] !== undefined && { role: roles[0] }),
    digests: { ...digests },
    signature: { ...signature },
  };
  const { events } = await system.engine.append(place.subject, [
    { id, name, source: sourceOf(caller), environment, releaseId, data },
  ]);
  return events.length > 0 ? facts : undefined;
}

function factsOf(system: System, caller: Caller, ballot: Ballot): VoteFacts {
  const { open, decision, authority, comment, signed } = ballot;
  const { onBehalfOf, roles } = authority;
  const now = system.clock.now();
  if (signed !== undefined && !(Math.abs(Date.parse(signed.at) - now.getTime()) <= clockToleranceMs))
    throw refuse(
      "SignatureInvalid",
      `The signature says ${signed.at}, and it is ${now.toISOString()}: a replay is not taken.`,
      "Sign it anew, on a machine whose clock is right.",
    );
  return {
    ...open.place,
    decision,
    by: caller.person,
    ...(onBehalfOf !== undefined && { onBehalfOf }),
    roles,
    method: methodOf(caller),
    comment,
    at: signed?.at ?? now.toISOString(),
    digests: open.digests,
  };
}

export function methodOf({ method }: Caller): string {
  return method === "cli" ? "CLI" : method === "studio" ? "Studio UI" : "API";
}

async function signatureOf(
  system: System,
  facts: VoteFacts,
  { open, signed }: Ballot,
): Promise<StoredSignature> {
  const { tenantId } = facts.subject;
  if (signed === undefined) {
    const { keyId, signature } = await system.signer.sign(tenantId, voteEnvelopeBytes(voteStatement(facts)));
    return { by: "server", keyId, value: Buffer.from(signature).toString("base64") };
  }
  const personKeys = open.electorate.tenant.people.find(({ id }) => id === facts.by)?.keys ?? [];
  const key = keyInSignature(signed.value);
  const keyId = (key === undefined ? undefined : fingerprintOf(key)) ?? "none";
  const stored: StoredSignature = { by: "own-key", keyId, value: signed.value };
  const verdict = verifyVote(facts, stored, { serverKeys: [], personKeys });
  if (verdict.good) return stored;
  throw refuse(
    "SignatureInvalid",
    `The vote of ${facts.by} on ${facts.releaseId} ${verdict.why}.`,
    personKeys.length === 0
      ? "tenant.yaml lists no key of yours: people[].keys. Without --key the server signs for you."
      : "Sign what is shown now: studio approve-release --key <file>.",
  );
}
