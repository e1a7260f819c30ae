/** Who may vote on a release, in whose name and in which roles; and why others may not. */
import type { Refusal, RefusalCode } from "../refusal.ts";
import type { Role, Tenant } from "../tenant/tenant.ts";
import { alternatives } from "../time-text.ts";
import { askedText, rolesAsked, seatsOf } from "./approval-policy.ts";
import { type Delegation, delegatedAway, delegationsTo } from "./delegation.ts";
import type { EffectivePolicy } from "./effective-policy.ts";

export interface Electorate {
  tenant: Tenant;
  policy: EffectivePolicy;
  /** On whose authority the delivery runs. */
  sponsor: string;
  /** On whose authority it ran before somebody took it over. */
  formerSponsors?: readonly string[];
  /** People who wrote the change, as far as their identity is known. */
  authors: readonly string[];
  delegations: readonly Delegation[];
  /** ISO 8601. */
  now: string;
}

/** In whose name a person votes, and in which roles. */
export interface Authority {
  onBehalfOf?: string;
  roles: Role[];
  /** Whether a seat is theirs by name. */
  named: boolean;
}

/** Why a person has no vote. */
export interface NoVote {
  code: RefusalCode;
  /** Without a full stop, and without what is asked for. */
  why: string;
  /** What policy asks for, where that is what they lack. */
  asks?: string;
  next: string;
}

/** Why a person may not vote on this release, or undefined where they may. What they are shown is not looked at. */
export function refusalOfVoter(electorate: Electorate, person: string, wanted?: string): Refusal | undefined {
  const found = whyNoVote(electorate, person, wanted);
  if (found === undefined) return undefined;
  const { code, why, asks, next } = found;
  return { code, message: asks === undefined ? `${why}.` : `${why} (${asks}).`, next };
}

/** The same for who is told beside it what is asked for. */
export function whyNoVote(electorate: Electorate, person: string, wanted?: string): NoVote | undefined {
  const { tenant, policy } = electorate;
  const asks = askedText(policy);
  if (isMachine(person))
    return {
      code: "MachineApprover",
      why: `${person} is an agent or service account; only people approve releases`,
      next: `Ask a ${alternatives(rolesAsked(policy))}.`,
    };
  const next = askOneOf(eligible(electorate));
  const unauthorized = { code: "UnauthorizedApprover" as const, next };
  if (!tenant.people.some(({ id }) => id === person))
    return { ...unauthorized, why: `${person} does not belong to ${tenant.id} any more` };
  if (authorityOf(electorate, person, wanted) === undefined) {
    const away = delegatedAway(electorate.delegations, person, electorate.now)[0];
    if (wanted !== undefined && wanted !== person)
      return {
        ...unauthorized,
        why: `${wanted} has delegated to ${person} none of the roles that ${policy.environment} asks for`,
        asks,
      };
    if (away !== undefined && rolesAsked(policy).includes(away.role))
      return {
        ...unauthorized,
        why: `${person} delegated ${away.role} to ${away.to} until ${away.ends} and does not vote in it as well`,
      };
    return {
      ...unauthorized,
      why: `${person} holds none of the roles that ${policy.environment} asks for`,
      asks,
    };
  }
  if (policy.selfApproval) return undefined;
  const own = whyOwn(electorate, person);
  return own === undefined
    ? undefined
    : { code: "SelfApproval", why: `${person} ${own} and cannot approve it`, next };
}

/**
 * The person's own roles where one of them is asked for, else a role that was delegated to them. `wanted`: the name
 * in which they want to vote.
 */
export function authorityOf(electorate: Electorate, person: string, wanted?: string): Authority | undefined {
  const { tenant, policy, delegations, now } = electorate;
  const asked = rolesAsked(policy);
  const away = delegatedAway(delegations, person, now).map(({ role }) => role);
  const held = rolesHeld(tenant, policy, person);
  const roles = asked.filter((role) => held.includes(role) && !away.includes(role));
  const named = seatsOf(policy).some((seat) => "person" in seat && seat.person === person);
  if ((roles.length > 0 || named) && (wanted === undefined || wanted === person)) return { roles, named };
  if (wanted === person) return undefined;
  const given = delegationsTo(delegations, person, now).filter(
    ({ from, role }) =>
      asked.includes(role) &&
      rolesHeld(tenant, policy, from).includes(role) &&
      (wanted === undefined || from === wanted) &&
      // Who may not decide themselves has nobody decide for them.
      (policy.selfApproval || whyOwn(electorate, from) === undefined),
  );
  const [first] = given;
  if (first === undefined) return undefined;
  const { from } = first;
  return {
    onBehalfOf: from,
    named: false,
    roles: given.filter((one) => one.from === from).map(({ role }) => role),
  };
}

/** Every name in which a person may vote, their own first. */
export function authoritiesOf(electorate: Electorate, person: string): Authority[] {
  const { delegations, now } = electorate;
  const names = new Set([person, ...delegationsTo(delegations, person, now).map(({ from }) => from)]);
  return [...names]
    .filter((name) => refusalOfVoter(electorate, person, name) === undefined)
    .flatMap((name) => authorityOf(electorate, person, name) ?? []);
}

export function askOneOf(people: readonly string[]): string {
  return `Ask one of: ${people.join(", ") || "nobody else may vote yet; a StudioAdmin can give such a role"}.`;
}

/** People whose vote would count. */
export function eligible(electorate: Electorate): string[] {
  const { policy } = electorate;
  return electorate.tenant.people
    .map(({ id }) => id)
    .filter((id) => authorityOf(electorate, id) !== undefined)
    .filter((id) => policy.selfApproval || whyOwn(electorate, id) === undefined);
}

/** Roles of a person themselves, for the tenant and the environment; where policy lists its approvers, as it lists them. */
function rolesHeld({ people }: Tenant, { environment, approvers }: EffectivePolicy, person: string): Role[] {
  const declared = people.find(({ id }) => id === person);
  const held = [...(declared?.roles ?? []), ...(declared?.environments?.[environment] ?? [])];
  if (approvers === undefined) return held;
  return held.filter((role) => approvers.some((one) => one.user === person && one.role === role));
}

/** Why a change is a person's own, so that they decide nothing about it. */
export function whyOwn(
  { sponsor, formerSponsors = [], authors }: Pick<Electorate, "sponsor" | "formerSponsors" | "authors">,
  person: string,
): string | undefined {
  if (person === sponsor) return "handed this change over";
  if (formerSponsors.includes(person)) return "handed this change over before it was taken over";
  return authors.includes(person) ? "wrote commits of this change" : undefined;
}

/** Agents and service accounts have names of their own form, which no person's id can take. */
function isMachine(name: string): boolean {
  return name.startsWith("agent:") || name.startsWith("service:");
}
