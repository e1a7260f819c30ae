/**
 * The journal of a tenant: what people and agents did, or tried to do, that belongs to no delivery's chain. Chained by
 * hash like events, so that whoever has the newest hash knows whether anything before it was changed.
 */
import { canonicalJson, sha256Hex } from "../canonical-json.ts";
import type { JsonObject } from "../json.ts";

/** What may be written in a journal, and what it means. */
export const journalActs = {
  AccessDenied: "somebody was refused what they asked for",
  AccessPermitted: "somebody was let do what changes something",
  ActRefused: "somebody who may decide was refused a decision for what it said, lacked or was signed with",
  CallerRefused: "somebody called with a token that is not good",
  TokenIssued: "an access token was made",
  TokenEnded: "an access token was revoked",
  SessionBegun: "a person signed in with a browser",
  SessionEnded: "a person signed out, or a session was ended for them",
  RoleDelegated: "a person has another one vote in a role of theirs for a while",
  DelegationEnded: "a delegation was taken back",
  PolicyProposed: "a person wants the tenant's policy, people or environments changed",
  PolicyConfirmed: "a second person confirmed a change of policy",
  PolicyRejected: "a change of policy was rejected",
  PolicyApplied: "a version of the tenant's declaration holds from here on",
  FreezeSet: "a freeze holds releases of its scope",
  FreezeLiftAsked: "somebody wants a freeze lifted, which takes a second person",
  FreezeLifted: "a freeze does not hold any more",
  SubscriptionMade: "a receiver outside is told of events from here on",
  SubscriptionChanged: "a subscription tells something else, or elsewhere",
  SubscriptionSecretRotated: "a subscription signs with another secret from here on",
  SubscriptionPaused: "a subscription is told nothing until it is resumed; what happens waits for it",
  SubscriptionResumed: "a subscription is told again: what gathered, or only what happens from here on",
  SubscriptionEnded: "a subscription was removed, with what waited for it",
  HookMade: "programs outside may call a hook, which acts as a service account",
  HookChanged: "a hook does something else",
  HookSecretRotated: "a hook takes another secret from here on",
  HookEnded: "a hook was removed",
  SigningKeyRotated: "the tenant signs with another key from here on",
} as const satisfies Record<string, string>;
export type JournalAct = keyof typeof journalActs;

/** What is to be written; sequence, time and hashes are added when it is. */
export interface JournalDraft {
  act: JournalAct;
  /** Who did it, or tried to: a person's id, `service:...`, `agent:...`, or `nobody` where no identity was proved. */
  actor: string;
  data: JsonObject;
}

export interface JournalEntry extends JournalDraft {
  tenantId: string;
  /** 1 for the first entry of a tenant, then gapless. */
  sequence: number;
  /** ISO 8601. */
  time: string;
  /** Hex SHA-256 of the entry before; 64 zeros before the first. */
  prevhash: string;
  /** Hex SHA-256 over the canonical JSON of this entry without this field. */
  hash: string;
}

export interface JournalHead {
  sequence: number;
  hash: string;
}

export const journalGenesis: JournalHead = { sequence: 0, hash: "0".repeat(64) };

export function sealEntry(
  draft: JournalDraft,
  place: { tenantId: string; after: JournalHead; time: string },
): JournalEntry {
  const { tenantId, after, time } = place;
  const { act, actor, data } = draft;
  const unsealed = { tenantId, sequence: after.sequence + 1, time, act, actor, data, prevhash: after.hash };
  return { ...unsealed, hash: hashOf(unsealed) };
}

export type JournalVerdict =
  | { intact: true; head: JournalHead }
  | { intact: false; sequence: number; problem: string };

/** Verifies order, gaplessness and every hash, offline, from the entries alone. */
export function verifyJournal(
  entries: readonly JournalEntry[],
  from: JournalHead = journalGenesis,
): JournalVerdict {
  let head = from;
  for (const { hash, ...unsealed } of entries) {
    const { sequence, prevhash } = unsealed;
    const broken = (problem: string): JournalVerdict => ({ intact: false, sequence, problem });
    if (sequence !== head.sequence + 1)
      return broken(`expected sequence ${head.sequence + 1}, found ${sequence}`);
    if (prevhash !== head.hash) return broken("does not follow the entry before it: prevhash differs");
    if (hashOf(unsealed) !== hash) return broken("was changed after it was written: hash differs");
    head = { sequence, hash };
  }
  return { intact: true, head };
}

function hashOf(unsealed: Omit<JournalEntry, "hash">): string {
  return sha256Hex(canonicalJson(unsealed));
}
