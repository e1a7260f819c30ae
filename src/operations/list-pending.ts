/** What waits for people: each release that asked for approval, who may give it, and exactly what it binds. */
import type { Digests } from "../domain/event/event-catalogue.ts";
import { askedText, listOfSeats, rolesAsked } from "../domain/release/approval-policy.ts";
import type { EffectivePolicy } from "../domain/release/effective-policy.ts";
import { type CountedVote, whoFurthers } from "../domain/release/quorum.ts";
import { askOneOf, authorityOf, whyNoVote } from "../domain/release/voters.ts";
import type { Subject } from "../domain/scope.ts";
import type { Role } from "../domain/tenant/tenant.ts";
import { type OpenRelease, openReleases } from "./decisions/open-releases.ts";
import type { Caller, System } from "./system.ts";

export interface PendingRelease {
  releaseId: string;
  subject: Subject;
  environment: string;
  version: string;
  /** When approval was asked for first, ISO 8601. */
  since: string;
  roles: Role[];
  minApprovers: number;
  /** What policy asks for, in words: `ProductOwner, and SecurityReviewer or ReleaseManager`. */
  asks: string;
  /** What of it is still missing. */
  open: string;
  missing: number;
  /** Whose votes count so far. */
  granted: string[];
  votes: PendingVote[];
  /** People whose vote would fill a place that is left. */
  eligible: string[];
  mayApprove: boolean;
  /** The caller's vote counts already. */
  voted: boolean;
  /** Why the caller may not, and who may. */
  why?: string;
  next?: string;
  /** As what the caller would vote, where they may. */
  you: { person: string; roles: readonly Role[]; onBehalfOf?: string };
  digests: Digests;
  /** What the rollout would do that no rollback takes back, one sentence each. */
  irreversible: string[];
  sponsor: string;
  authors: readonly string[];
  /** To whom it went when nobody answered, oldest first. */
  escalations: { at: string; to: string[]; by?: string; reason?: string }[];
  comments: { at: string; by: string; comment: string }[];
  /** The policy that the approval binds. */
  policy: EffectivePolicy;
}

export interface PendingVote {
  by: string;
  onBehalfOf?: string;
  role?: Role;
  at: string;
  comment: string;
  counts: boolean;
  note: string;
  /** Who signed it, in words. */
  signature: string;
  /** ISO 8601. */
  expiresAt?: string;
}

export interface WaitingRelease extends PendingRelease {
  /** What would be replaced; null where nothing serves there yet. */
  serving: { version: string; releaseId: string; since: string } | null;
}

/** The caller's own first, then by how long they wait. */
export async function listPending(system: System, caller: Caller): Promise<WaitingRelease[]> {
  const waiting = await system.store.list({
    tenantId: caller.tenantId,
    phase: "open",
    state: "awaiting_approval",
    limit: 1_000,
  });
  const found = await Promise.all(waiting.map((summary) => pendingOf(system, caller, summary.subject)));
  const sorted = found.flat().sort((a, b) => rank(a) - rank(b) || (a.since < b.since ? -1 : 1));
  return await Promise.all(sorted.map((one) => withServing(system, one)));
}

async function withServing({ ledger }: System, release: PendingRelease): Promise<WaitingRelease> {
  const { subject, environment } = release;
  const current = await ledger.current({ ...subject, environment });
  if (current === undefined) return { ...release, serving: null };
  const { version, releaseId, at } = current;
  return { ...release, serving: { version, releaseId, since: at } };
}

/** Every release of one delivery that waits for approval now. */
export async function pendingOf(system: System, caller: Caller, subject: Subject): Promise<PendingRelease[]> {
  return (await openReleases(system, subject)).map((open) => describe(caller, open));
}

function rank({ mayApprove, voted }: PendingRelease): number {
  return mayApprove && !voted ? 0 : 1;
}

/** `onBehalfOf`: in whose name the caller would vote. */
export function describe(caller: Caller, open: OpenRelease, onBehalfOf?: string): PendingRelease {
  const { electorate, quorum, place, request } = open;
  const { policy } = electorate;
  const left = whoFurthers(electorate, quorum);
  const barred = whyNoVote(electorate, caller.person, onBehalfOf);
  const { roles = [], onBehalfOf: whose } = authorityOf(electorate, caller.person, onBehalfOf) ?? {};
  const granted = quorum.votes.filter(({ counts }) => counts).map(({ by }) => by);
  return {
    ...place,
    version: String(request.data.version),
    since: open.askedAt,
    roles: rolesAsked(policy),
    minApprovers: policy.minApprovers,
    asks: askedText(policy),
    open: listOfSeats(quorum.open),
    missing: quorum.missing,
    granted,
    votes: quorum.votes.map(voteOf),
    eligible: left,
    mayApprove: barred === undefined,
    voted: granted.includes(caller.person),
    ...(barred !== undefined && {
      why: `${barred.why}.`,
      next: barred.code === "MachineApprover" ? barred.next : askOneOf(left),
    }),
    you: { person: caller.person, roles, ...(whose !== undefined && { onBehalfOf: whose }) },
    digests: open.digests,
    irreversible: Array.isArray(request.data.irreversible) ? request.data.irreversible.map(String) : [],
    sponsor: electorate.sponsor,
    authors: electorate.authors,
    escalations: open.escalations,
    comments: open.comments,
    policy,
  };
}

function voteOf({
  by,
  onBehalfOf,
  role,
  at,
  comment,
  counts,
  note,
  signature,
  expiresAt,
}: CountedVote): PendingVote {
  return {
    ...{ by, at, comment, counts, note },
    signature: signature.good ? signature.label : signature.why,
    ...(onBehalfOf !== undefined && { onBehalfOf }),
    ...(role !== undefined && { role }),
    ...(expiresAt !== undefined && { expiresAt }),
  };
}
