/**
 * Who has to approve a release, as keys of an environment's policy beside `roles` and `minApprovers`: so many of
 * these roles, or people by name; how long a vote holds; and whom it goes to when nobody answers.
 */
import { z } from "zod";
import { duration, personId, type Role, roleSchema } from "../tenant/role.ts";

/** So many approvals by people of one of these roles. */
const byRole = z
  .object({ roles: z.array(roleSchema).min(1), count: z.int().min(1).max(10).default(1) })
  .strict();

/** An approval by each of these people. */
const byName = z.object({ people: z.array(personId).min(1).max(10) }).strict();

/** Whom an unanswered request goes to, and after how long since it was made. */
const escalationStep = z.object({ after: duration, to: z.array(roleSchema).min(1) }).strict();
export type EscalationStep = z.infer<typeof escalationStep>;

/** Spread into the policy of an environment. */
export const approvalPolicyKeys = {
  /** Each is to be met, and a person meets one of them only. `minApprovers` may ask for more, by `roles`. */
  approvals: z
    .array(z.union([byRole, byName]))
    .min(1)
    .max(10)
    .optional(),
  /** No two approvals by the same role. */
  distinctRoles: z.boolean().optional(),
  /** A vote older than this does not count any more. */
  approvalExpiry: duration.optional(),
  /** In the order in which they are to be reached; each once. */
  escalation: z.array(escalationStep).max(10).optional(),
};

/** One approval that is asked for: by a person of one of these roles, or by this person. */
export type Seat = { roles: readonly Role[] } | { person: string };

export interface AskedApprovals {
  roles: readonly Role[];
  minApprovers: number;
  approvals?: z.infer<(typeof approvalPolicyKeys)["approvals"]>;
}

/** Every approval that the policy asks for, one by one. */
export function seatsOf({ roles, minApprovers, approvals = [] }: AskedApprovals): Seat[] {
  const named = approvals.flatMap((one): Seat[] =>
    "people" in one
      ? one.people.map((person) => ({ person }))
      : Array.from({ length: one.count }, () => ({ roles: one.roles })),
  );
  const more = Math.max(minApprovers - named.length, 0);
  return [...named, ...Array.from({ length: more }, () => ({ roles }))];
}

/** Roles of which each one may fill some seat, in the order of the policy. */
export function rolesAsked(policy: AskedApprovals): Role[] {
  const seats = seatsOf(policy).flatMap((seat) => ("roles" in seat ? seat.roles : []));
  // A hotfix may ask for nobody; whoever votes all the same votes in the policy's own roles.
  return [...new Set(seatsOf(policy).length === 0 ? policy.roles : seats)];
}

/** `ProductOwner, and SecurityReviewer or ReleaseManager, and jane.doe`. */
export function askedText(policy: AskedApprovals): string {
  return listOfSeats(seatsOf(policy));
}

/** Alike seats are told as one: `2 of ProductOwner or ReleaseManager`. */
export function listOfSeats(seats: readonly Seat[]): string {
  const counted = new Map<string, number>();
  for (const seat of seats) {
    const text = "person" in seat ? seat.person : seat.roles.join(" or ");
    counted.set(text, (counted.get(text) ?? 0) + 1);
  }
  return [...counted].map(([text, count]) => (count === 1 ? text : `${count} of ${text}`)).join(", and ");
}
