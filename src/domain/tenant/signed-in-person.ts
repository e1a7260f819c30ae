/** Who somebody is in a tenant, by what its provider says of them. */
import { refuse } from "../refusal.ts";
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

/** Refuses with TokenInvalid who cannot be named, and with TokenUnknown who is nobody here. */
export function signedInPerson(
  { id: tenantId, people }: Declared,
  { personClaim, groupsClaim, groups, admitGroups }: SignIn,
  claims: Readonly<Record<string, unknown>>,
): SignedIn {
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
  const declared = people.find((person) => person.id === named.data);
  const byGroups = listOf(claims[groupsClaim]).flatMap((group) => own(groups, group));
  const roles = [...new Set([...(declared?.roles ?? []), ...byGroups])];
  if (declared !== undefined || (admitGroups && byGroups.length > 0)) return { person: named.data, roles };
  throw refuse(
    "TokenUnknown",
    `${named.data} signed in, and is no person of ${tenantId}.`,
    admitGroups
      ? `A StudioAdmin declares them in tenant.yaml, or maps a group of theirs: signIn.groups.`
      : "A StudioAdmin declares them in tenant.yaml.",
  );
}

function listOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((one): one is string => typeof one === "string");
}

/** A group may be called as JavaScript's own properties are. */
function own(groups: Record<string, Role[]>, name: string): Role[] {
  return Object.hasOwn(groups, name) ? (groups[name] ?? []) : [];
}
