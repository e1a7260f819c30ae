/** Where a policy leaves nobody who could act: found by asking every place for every seat of its quorum. */
import { askedText, seatsOf } from "../release/approval-policy.ts";
import { type EffectivePolicy, effectivePolicy } from "../release/effective-policy.ts";
import { matchSeats } from "../release/match-seats.ts";
import { authorityOf, eligible } from "../release/voters.ts";
import type { Tenant } from "../tenant/tenant.ts";
import type { PolicyPlace } from "./layers.ts";

export interface LockOut {
  /** What nobody could do. */
  nobodyCould: string;
  because: string;
}

/** Empty where somebody can always act. */
export function lockOuts(tenant: Tenant): LockOut[] {
  return [...noAdmin(tenant), ...placesOf(tenant).flatMap((place) => unapprovable(tenant, place))];
}

/** Every environment, and in it every module and edition that the policy speaks of. */
export function placesOf({ environments, releasePolicy, compliance }: Tenant): PolicyPlace[] {
  const modules = new Set([...Object.keys(releasePolicy.modules ?? {}), ...compliance.modules]);
  const editions = Object.keys(releasePolicy.editions ?? {});
  return environments.flatMap(({ id: environment }) => [
    { environment },
    ...[...modules].map((moduleId) => ({ environment, moduleId })),
    ...editions.map((editionId) => ({ environment, editionId })),
  ]);
}

export function placeText({ environment, moduleId, editionId }: PolicyPlace): string {
  if (moduleId !== undefined) return `${moduleId} in ${environment}`;
  return editionId !== undefined ? `edition ${editionId} in ${environment}` : environment;
}

/** People whose vote would count there, whoever hands over. */
export function votersAt(tenant: Tenant, policy: EffectivePolicy): string[] {
  return eligible(electorateOf(tenant, policy));
}

function noAdmin({ people }: Tenant): LockOut[] {
  if (people.some(({ roles }) => roles.includes("StudioAdmin"))) return [];
  return [{ nobodyCould: "change this tenant again", because: "nobody would be StudioAdmin" }];
}

function unapprovable(tenant: Tenant, place: PolicyPlace): LockOut[] {
  const because = emptySeats(tenant, effectivePolicy(tenant, place));
  return because === undefined ? [] : [{ nobodyCould: `release ${placeText(place)}`, because }];
}

/** Why the approvals that a policy asks for can never be had of these people; undefined where they can. */
export function emptySeats(tenant: Tenant, policy: EffectivePolicy): string | undefined {
  if (!policy.requiresApproval) return undefined;
  const electorate = electorateOf(tenant, policy);
  const candidates = eligible(electorate).flatMap((id) => {
    const authority = authorityOf(electorate, id);
    return authority === undefined ? [] : [{ id, roles: authority.roles, inPerson: authority.named }];
  });
  const seats = seatsOf(policy);
  const filled = matchSeats(seats, candidates, { distinctRoles: policy.distinctRoles === true });
  if (filled.length === seats.length) return undefined;
  const who = candidates.map(({ id }) => id).join(", ") || "no one";
  const different = policy.distinctRoles === true ? ", each in another role" : "";
  return `it asks for ${askedText(policy)}${different}, and only ${who} may approve`;
}

function electorateOf(tenant: Tenant, policy: EffectivePolicy) {
  return { tenant, policy, sponsor: "", authors: [], delegations: [], now: "1970-01-01T00:00:00.000Z" };
}
