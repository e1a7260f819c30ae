/**
 * Counts votes. A vote counts when its signature holds, it binds exactly the present digests, is not too old, and
 * comes from a person who may fill one of the seats that policy asks for, and fills no other.
 */
import type { Digests } from "../event/event-catalogue.ts";
import { parseDuration } from "../flow/duration.ts";
import type { RefusalCode } from "../refusal.ts";
import type { Role } from "../tenant/role.ts";
import { type Seat, seatsOf } from "./approval-policy.ts";
import { type Filled, matchSeats } from "./match-seats.ts";
import type { VoteSignature } from "./vote-statement.ts";
import { authorityOf, type Electorate, eligible, refusalOfVoter, whyOwn } from "./voters.ts";

export interface Vote {
  /** Of what was signed; of the event where that cannot be read. */
  id: string;
  by: string;
  /** Whose role it is, where it was delegated. */
  onBehalfOf?: string;
  /** The roles that it was given in. */
  roles: readonly Role[];
  comment: string;
  method: string;
  /** ISO 8601, as signed. */
  at: string;
  digests: Digests;
  signature: VoteSignature;
  /** Why it was voided before; a vote that was void stays so. */
  voided?: string;
}

export interface CountedVote extends Vote {
  /** The role that it counts in. */
  role?: Role;
  counts: boolean;
  /** Why it does not count, or how it does: `self-approved, single person`. */
  note: string;
  code?: RefusalCode;
  /** When it does not count any more, ISO 8601. */
  expiresAt?: string;
}

export interface Quorum {
  met: boolean;
  votes: CountedVote[];
  missing: number;
  /** Seats that nobody fills yet. */
  open: Seat[];
}

export interface QuorumSubject extends Electorate {
  digests: Digests;
}

export function countQuorum(subject: QuorumSubject, votes: readonly Vote[]): Quorum {
  const judged = votes.map((vote) => judge(subject, vote));
  const valid = judged.filter((vote) => vote.counts);
  // Of a person's votes that hold, the newest is theirs.
  const newest = new Map(valid.map((vote) => [vote.by, vote]));
  const cast = [...newest.values()];
  const seats = seatsOf(subject.policy);
  const distinctRoles = subject.policy.distinctRoles === true;
  const filled = matchSeats(seats, candidatesOf(cast), { distinctRoles });
  const taken = new Map(filled.map((one) => [voteFor(cast, one), one]));
  const open = seats.filter((_seat, index) => !filled.some(({ seat }) => seat === index));
  return {
    met: open.length === 0,
    missing: open.length,
    open,
    votes: judged.map((vote) => (vote.counts ? seated(vote, taken.get(vote), newest.get(vote.by)) : vote)),
  };
}

/** People whose vote would fill a place that is left. */
export function whoFurthers(electorate: Electorate, { votes, missing }: Quorum): string[] {
  const { policy } = electorate;
  const seats = seatsOf(policy);
  const cast = votes.filter(({ counts }) => counts);
  const has = (person: string) => cast.some(({ by }) => by === person);
  return eligible(electorate).filter((person) => {
    const { onBehalfOf: id = person, roles = [] } = authorityOf(electorate, person) ?? {};
    if (has(person) || missing === 0) return false;
    const candidates = [...candidatesOf(cast), { id, roles, inPerson: id === person }];
    const filled = matchSeats(seats, candidates, { distinctRoles: policy.distinctRoles === true });
    return filled.length > seats.length - missing;
  });
}

/** When the first of the votes that count will not count any more. */
export function nextExpiry({ votes }: Quorum): string | undefined {
  return votes
    .flatMap(({ counts, expiresAt }) => (counts && expiresAt !== undefined ? [expiresAt] : []))
    .sort()[0];
}

/** Names of what differs between what was approved and what is there now. */
export function changedDigests(approved: Digests, present: Digests): (keyof Digests)[] {
  const names = new Set([...Object.keys(present), ...Object.keys(approved)]) as Set<keyof Digests>;
  return [...names].filter((name) => approved[name] !== present[name]);
}

/** Looked at alone: `counts` says that it may fill a seat. */
function judge(subject: QuorumSubject, vote: Vote): CountedVote {
  const lost = (code: RefusalCode, note: string): CountedVote => ({ ...vote, counts: false, code, note });
  if (vote.voided !== undefined) return { ...vote, counts: false, note: vote.voided };
  if (!vote.signature.good) return lost("SignatureInvalid", `the vote ${vote.signature.why}`);
  const then = asOf(subject, vote);
  const inTheNameOf = vote.onBehalfOf ?? vote.by;
  const refusal = refusalOfVoter(then, vote.by, inTheNameOf);
  if (refusal !== undefined) return lost(refusal.code, refusal.message);
  const { roles: held = [], named = false } = authorityOf(then, vote.by, inTheNameOf) ?? {};
  const roles = vote.roles.filter((role) => held.includes(role));
  if (roles.length === 0 && !named)
    return lost("UnauthorizedApprover", `given as ${vote.roles.join(", ")}, which ${inTheNameOf} is no more`);
  const changed = changedDigests(vote.digests, subject.digests);
  if (changed.length > 0) return lost("DigestMismatch", `changed since this vote: ${changed.join(", ")}`);
  const expiresAt = expiryOf(subject, vote);
  if (expiresAt !== undefined && Date.parse(expiresAt) <= Date.parse(subject.now))
    return lost("ApprovalExpired", `the vote of ${vote.at} held until ${expiresAt}`);
  if (Date.parse(vote.at) > Date.parse(subject.now) + clockToleranceMs)
    return lost("SignatureInvalid", `the vote says that it was given at ${vote.at}, which is not yet`);
  const self = whyOwn(subject, vote.by) !== undefined;
  const forWhom = vote.onBehalfOf === undefined ? "counts" : `${vote.by} for ${vote.onBehalfOf}`;
  return {
    ...vote,
    roles,
    counts: true,
    note: self ? "self-approved, single person" : forWhom,
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

const clockToleranceMs = 5 * 60_000;

function expiryOf({ policy }: QuorumSubject, vote: Vote): string | undefined {
  const spanMs = policy.approvalExpiry === undefined ? undefined : parseDuration(policy.approvalExpiry);
  return spanMs === undefined ? undefined : new Date(Date.parse(vote.at) + spanMs).toISOString();
}

/**
 * Delegations as they were when the vote was given: one that has run out since takes nothing away, and one that
 * was taken back does. People and their roles are those of now.
 */
function asOf(subject: QuorumSubject, vote: Vote): QuorumSubject {
  const delegations =
    vote.onBehalfOf === undefined
      ? subject.delegations
      : subject.delegations.filter(({ ended }) => ended === undefined);
  return { ...subject, delegations, now: vote.at };
}

/** Two votes on the authority of one person are one candidate. */
function candidatesOf(cast: readonly CountedVote[]) {
  const authorities = [...new Set(cast.map(authorityIn))];
  return authorities.map((id) => {
    const own = cast.filter((vote) => authorityIn(vote) === id);
    return {
      id,
      inPerson: own.some((vote) => vote.onBehalfOf === undefined),
      roles: [...new Set(own.flatMap(({ roles }) => roles))],
    };
  });
}

function voteFor(cast: readonly CountedVote[], { candidate, role }: Filled): CountedVote | undefined {
  return cast.find(
    (vote) =>
      authorityIn(vote) === candidate &&
      (role === undefined ? vote.onBehalfOf === undefined : vote.roles.includes(role)),
  );
}

function authorityIn({ by, onBehalfOf }: Vote): string {
  return onBehalfOf ?? by;
}

function seated(vote: CountedVote, taken: Filled | undefined, newest: CountedVote | undefined): CountedVote {
  if (taken !== undefined) return { ...vote, ...(taken.role !== undefined && { role: taken.role }) };
  const note =
    newest === vote
      ? "holds, and fills none of the places that are left: they ask for others"
      : "a person counts once";
  return { ...vote, counts: false, note };
}
