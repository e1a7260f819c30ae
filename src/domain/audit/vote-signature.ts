/** Whose signature a vote carries, in the words that every report uses for it, and whether it fits what the vote says. */
import type { DeliveryEvent } from "../event/event.ts";
import { digestsSchema } from "../event/event-catalogue.ts";
import { type VoteDecision, type VoteFacts, verifyVote } from "../release/vote-statement.ts";
import type { Subject } from "../scope.ts";
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

/**
 * What is wrong with the signature that the server made for a person, or undefined. One that a person made with a key
 * of their own is verified against keys of theirs, which are not in an archive: `ssh-keygen -Y verify` does it.
 */
export function problemOfVote(
  subject: Subject,
  event: DeliveryEvent,
  serverKeys: readonly (VerifyingKey & { retiredAt?: string | undefined })[],
): string | undefined {
  const signature = recordOf(event, "signature");
  if (signature?.by !== "server") return undefined;
  const facts = factsOf(subject, event);
  if (facts === undefined) return "carries a signature for something that is no vote";
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
