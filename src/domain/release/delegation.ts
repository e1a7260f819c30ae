/** A person lets another one vote in a role of theirs for a while. The role itself stays theirs: it cannot be passed on. */
import type { Role } from "../tenant/role.ts";

export interface Delegation {
  id: string;
  /** Whose role it is. */
  from: string;
  to: string;
  role: Role;
  reason: string;
  /** ISO 8601. */
  begins: string;
  /** ISO 8601; at this moment it is over. */
  ends: string;
  /** ISO 8601. */
  madeAt: string;
  /** When it was taken back, ISO 8601, and by whom. */
  ended?: { at: string; by: string };
}

function isInForce(delegation: Delegation, at: string): boolean {
  const time = Date.parse(at);
  const { begins, ends, ended } = delegation;
  if (ended !== undefined && Date.parse(ended.at) <= time) return false;
  return Date.parse(begins) <= time && time < Date.parse(ends);
}

/** What was delegated to this person at that time. Whether it was the delegator's to give is for who counts it. */
export function delegationsTo(delegations: readonly Delegation[], person: string, at: string): Delegation[] {
  return delegations.filter((one) => one.to === person && isInForce(one, at));
}

/** The roles that a person has given away at that time: they do not vote in them as well. */
export function delegatedAway(delegations: readonly Delegation[], person: string, at: string): Delegation[] {
  return delegations.filter((one) => one.from === person && isInForce(one, at));
}
