/**
 * People by groups of their last sign-in: what they sponsor and how they voted is weighed when nobody is signed in. Roles are
 * those that the groups are worth now, and last as long as the tenant lets what a provider said hold.
 */
import { parseDuration } from "../flow/duration.ts";
import type { Role } from "./role.ts";
import type { SignIn } from "./sign-in.ts";
import type { Tenant } from "./tenant.ts";

export interface SeenSignIn {
  person: string;
  issuer: string;
  /** Those that were mapped when it was seen. */
  groups: readonly string[];
  /** When the provider said so, ISO 8601. */
  at: string;
}

/** The tenant with those people among its own, and roles by groups beside theirs. */
export function withPeopleByGroups(tenant: Tenant, seen: readonly SeenSignIn[], now: Date): Tenant {
  const { signIn } = tenant;
  const holdMs = signIn?.groupsHold === undefined ? undefined : parseDuration(signIn.groupsHold);
  if (signIn === undefined || holdMs === undefined) return tenant;
  const byGroups = new Map<string, Role[]>();
  for (const { person, issuer, groups, at } of seen) {
    const fresh = Date.parse(at) + holdMs > now.getTime();
    if (fresh && issuer === signIn.issuer && !signIn.barred.includes(person))
      byGroups.set(person, rolesOfGroups(signIn, groups));
  }
  const declared = tenant.people.map((person) => {
    const roles = byGroups.get(person.id) ?? [];
    return roles.length === 0 ? person : { ...person, roles: [...new Set([...person.roles, ...roles])] };
  });
  const known = new Set(tenant.people.map(({ id }) => id));
  const others = [...byGroups].flatMap(([id, roles]) =>
    signIn.admitGroups && roles.length > 0 && !known.has(id) ? [{ id, roles }] : [],
  );
  return { ...tenant, people: [...declared, ...others] };
}

export function rolesOfGroups({ groups: mapped }: Pick<SignIn, "groups">, groups: readonly string[]): Role[] {
  // A group may be called as JavaScript's own properties are.
  return [...new Set(groups.flatMap((group) => (Object.hasOwn(mapped, group) ? (mapped[group] ?? []) : [])))];
}
