/** Whose signature a vote carries, in the words that every report uses for it, and whether it fits what the vote says. */
import type { DeliveryEvent } from "../event/event.ts";
import { digestsSchema } from "../event/event-catalogue.ts";
import { type VoteDecision, type VoteFacts, verifyVote } from "../release/vote-statement.ts";
import type { Subject } from "../scope.ts";
import { fingerprintOf, keyInSignature } from "../signature/ssh-signature.ts";
import { type Role, roleSchema } from "../tenant/role.ts";
import type { VerifyingKey } from "./checkpoint.ts";
import { recordOf, textOf } from "./delivery-facts.ts";

export interface VoteLabel {
  by: "server" | "own-key" | "nobody";
  label: string;
}

export function signatureOf(event: DeliveryEvent): VoteLabel {
  const person = textOf(event, "by") ?? "somebody";
  const signature = recordOf(event, "signature");
  const keyId = String(signature?.keyId ?? "");
  switch (signature?.by) {
    case "own-key":
      return { by: "own-key", label: `signed by ${person} with the key ${keyId}` };
    case "server":
      return { by: "server", label: `signed by the server on behalf of ${person}` };
    default:
      return { by: "nobody", label: `not signed; recorded by the server for ${person}` };
  }
}

/** What is wrong with the signature that the server made for a person, or the person with a key of their own; or undefined. */
export function problemOfVote(
  subject: Subject,
  event: DeliveryEvent,
  serverKeys: readonly (VerifyingKey & { retiredAt?: string | undefined })[],
): string | undefined {
  const signature = recordOf(event, "signature");
  if (signature?.by !== "server" && signature?.by !== "own-key") return undefined;
  const facts = factsOf(subject, event);
  if (facts === undefined) return "carries a signature for something that is no vote";
  if (signature.by === "own-key")
    return problemOfOwn(facts, String(signature.value), String(signature.keyId));
  const stored = { by: "server" as const, keyId: String(signature.keyId), value: String(signature.value) };
  const known = {
    serverKeys: serverKeys.map(({ keyId, publicKey, retiredAt }) => ({
      ...{ keyId, publicKey },
      ...(retiredAt !== undefined && { retiredAt }),
    })),
    personKeys: [],
  };
  const verdict = verifyVote(facts, stored, known);
  return verdict.good ? undefined : verdict.why;
}

/** Whose key that is, is another question: the signature brings its key along. */
function problemOfOwn(facts: VoteFacts, value: string, keyId: string): string | undefined {
  const key = keyInSignature(value);
  if (key === undefined) return "carries no SSH signature";
  const verdict = verifyVote(facts, { by: "own-key", keyId, value }, { serverKeys: [], personKeys: [key] });
  if (!verdict.good) return verdict.why;
  // Votes from before named the kind of the key there.
  const isNamed = keyId === fingerprintOf(key) || keyId === "ssh-ed25519";
  return isNamed ? undefined : `names the key ${keyId}, and is signed with ${fingerprintOf(key)}`;
}

/** The key with which a person signed a vote themselves. */
export function ownKeyOf(event: DeliveryEvent): { person: string; key: string } | undefined {
  const signature = recordOf(event, "signature");
  if (signature?.by !== "own-key") return undefined;
  const line = keyInSignature(String(signature.value));
  return { person: textOf(event, "by") ?? "", key: (line && fingerprintOf(line)) ?? "none" };
}

function factsOf(subject: Subject, event: DeliveryEvent): VoteFacts | undefined {
  const digests = digestsSchema.safeParse(event.data.digests);
  const { comment, roles } = event.data;
  const [by, method, at] = ["by", "method", "at"].map((key) => textOf(event, key));
  const decision = textOf(event, "decision") as VoteDecision | undefined;
  const said = by !== undefined && method !== undefined && at !== undefined && decision !== undefined;
  if (!said || !digests.success || typeof comment !== "string" || !areRoles(roles)) return undefined;
  const onBehalfOf = textOf(event, "onBehalfOf");
  return {
    ...{ subject, decision, by, roles, method, comment, at, digests: digests.data },
    environment: event.environment ?? "",
    releaseId: textOf(event, "releaseId") ?? "",
    ...(onBehalfOf !== undefined && { onBehalfOf }),
  };
}

function areRoles(roles: unknown): roles is Role[] {
  return Array.isArray(roles) && roles.every((role) => roleSchema.safeParse(role).success);
}
