/**
 * Counts votes. A vote counts when it binds exactly the present digests, comes from a person who holds a
 * role that the policy asks for, and who neither sponsored the change nor voted before. A machine never counts.
 */
import type { Digests } from "../event/event-catalogue.ts";
import type { Refusal, RefusalCode } from "../refusal.ts";
import type { Role, Tenant } from "../tenant/tenant.ts";
import type { EffectivePolicy } from "./effective-policy.ts";

export interface Vote {
  by: string;
  comment: string;
  method: string;
  at: string;
  digests: Digests;
}

export interface CountedVote extends Vote {
  role?: Role;
  counts: boolean;
  /** Why it does not count, or how it does: `self-approved, single person`. */
  note: string;
  code?: RefusalCode;
}

export interface Quorum {
  met: boolean;
  votes: CountedVote[];
  missing: number;
}

export interface QuorumSubject {
  tenant: Tenant;
  policy: EffectivePolicy;
  sponsor: string;
  digests: Digests;
}

export function countQuorum(subject: QuorumSubject, votes: Vote[]): Quorum {
  const counted: CountedVote[] = [];
  for (const vote of votes) counted.push(countVote(subject, vote, counted));
  const granted = counted.filter((vote) => vote.counts).length;
  const missing = Math.max(subject.policy.minApprovers - granted, 0);
  return { met: missing === 0, votes: counted, missing };
}

/** Why a person may not vote on this release, or undefined where they may. The digests are not looked at. */
export function refusalOfVoter(subject: Omit<QuorumSubject, "digests">, person: string): Refusal | undefined {
  const { tenant, policy, sponsor } = subject;
  if (isMachine(person))
    return {
      code: "MachineApprover",
      message: `${person} is an agent or service account; only people approve releases.`,
      next: `Ask a ${policy.roles.join(" or a ")}.`,
    };
  if (roleFor(tenant, policy, person) === undefined)
    return {
      code: "UnauthorizedApprover",
      message: `${person} holds none of the roles that ${policy.environment} asks for (${policy.roles.join(", ")}).`,
      next: `Ask one of: ${eligible(subject).join(", ") || "nobody holds such a role yet; a StudioAdmin can give it"}.`,
    };
  if (person === sponsor && !policy.selfApproval)
    return {
      code: "SelfApproval",
      message: `${person} handed this change over and cannot approve it.`,
      next: `Ask one of: ${eligible(subject).join(", ") || "nobody else holds such a role yet"}.`,
    };
  return undefined;
}

/** People whose vote would count. */
export function eligible(subject: Omit<QuorumSubject, "digests">): string[] {
  const { tenant, policy, sponsor } = subject;
  return tenant.people
    .filter((person) => roleFor(tenant, policy, person.id) !== undefined)
    .filter((person) => person.id !== sponsor || policy.selfApproval)
    .map((person) => person.id);
}

export function roleFor(tenant: Tenant, policy: EffectivePolicy, person: string): Role | undefined {
  const roles = tenant.people.find((candidate) => candidate.id === person)?.roles ?? [];
  return policy.roles.find((role) => roles.includes(role));
}

/** Names of what differs between what was approved and what is there now. */
export function changedDigests(approved: Digests, present: Digests): string[] {
  return (Object.keys(present) as (keyof Digests)[]).filter((name) => approved[name] !== present[name]);
}

function countVote(subject: QuorumSubject, vote: Vote, before: CountedVote[]): CountedVote {
  const role = roleFor(subject.tenant, subject.policy, vote.by);
  const base = { ...vote, ...(role !== undefined && { role }) };
  const refusal = refusalOfVoter(subject, vote.by);
  if (refusal !== undefined) return { ...base, counts: false, code: refusal.code, note: refusal.message };
  const changed = changedDigests(vote.digests, subject.digests);
  if (changed.length > 0)
    return {
      ...base,
      counts: false,
      code: "DigestMismatch",
      note: `changed since this vote: ${changed.join(", ")}`,
    };
  if (before.some((other) => other.counts && other.by === vote.by))
    return { ...base, counts: false, note: "a person counts once" };
  const self = vote.by === subject.sponsor;
  return { ...base, counts: true, note: self ? "self-approved, single person" : "counts" };
}

/** Agents and service accounts have names of their own form, which no person's id can take. */
function isMachine(name: string): boolean {
  return name.startsWith("agent:") || name.startsWith("service:");
}
