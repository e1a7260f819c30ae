/** Who somebody is in a tenant, by what its provider says of them. */
import { refuse } from "../refusal.ts";
import { rolesOfGroups } from "./people-by-groups.ts";
import { personId, type Role } from "./role.ts";
import type { SignIn } from "./sign-in.ts";

export interface SignedIn {
  person: string;
  /** By tenant.yaml and by groups together. */
  roles: Role[];
}

interface Declared {
  id: string;
  people: readonly { id: string; roles: Role[] }[];
}

/** Refuses with TokenUnknown who is nobody here, and with TokenRevoked who is barred. */
export function signedInPerson(
  { id: tenantId, people }: Declared,
  { groups: mapped, admitGroups, barred }: SignIn,
  { person, groups }: ClaimedPerson,
): SignedIn {
  if (barred.includes(person))
    throw refuse(
      "TokenRevoked",
      `${person} is barred from ${tenantId}, whatever their provider says.`,
      "A StudioAdmin takes them out of signIn.barred in tenant.yaml.",
    );
  const declared = people.find(({ id }) => id === person);
  const byGroups = rolesOfGroups({ groups: mapped }, groups);
  const roles = [...new Set([...(declared?.roles ?? []), ...byGroups])];
  if (declared !== undefined || (admitGroups && byGroups.length > 0)) return { person, roles };
  throw refuse(
    "TokenUnknown",
    `${person} signed in, and is no person of ${tenantId}.`,
    admitGroups
      ? `A StudioAdmin declares them in tenant.yaml, or maps a group of theirs: signIn.groups.`
      : "A StudioAdmin declares them in tenant.yaml.",
  );
}

export interface ClaimedPerson {
  person: string;
  groups: string[];
}

/** Refuses with TokenInvalid who cannot be named. */
export function claimedPerson(
  { personClaim, groupsClaim }: SignIn,
  claims: Readonly<Record<string, unknown>>,
): ClaimedPerson {
  const named = personId.safeParse(claims[personClaim]);
  if (!named.success)
    throw refuse(
      "TokenInvalid",
      `The access token does not hold: its claim ${personClaim} names no person.`,
      "Have the provider put it into access tokens, or name another: signIn.personClaim in tenant.yaml.",
    );
  if (personClaim === "email" && claims.email_verified === false)
    throw refuse(
      "TokenInvalid",
      `The access token does not hold: nobody verified that ${named.data} is who they say.`,
      "Verify the address with the provider, and sign in again: connectsoft login",
    );
  return { person: named.data, groups: listOf(claims[groupsClaim]) };
}

function listOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((one): one is string => typeof one === "string");
}
