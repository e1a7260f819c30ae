/** Whether somebody could vote on a release that waits for people: what a vote would be told, and nothing is recorded. */
import type { EffectivePolicy } from "../../domain/release/effective-policy.ts";
import { askOneOf } from "../../domain/release/voters.ts";
import type { Role } from "../../domain/tenant/role.ts";
import { mayDo, type Possibility, refused } from "../access/may-do.ts";
import type { PendingRelease } from "../list-pending.ts";
import type { Caller, System } from "../system.ts";

type Vote = "approve" | "reject" | "request-changes";

export async function mayVote(
  system: System,
  caller: Caller,
  { pending, action }: { pending: PendingRelease; action: Vote },
): Promise<Possibility> {
  const { environment, mayApprove, open, policy, releaseId, subject, voted, you } = pending;
  if (!mayApprove) {
    const { why = "It is not yours to decide.", next } = pending;
    return refused({ message: why, ...(next !== undefined && { next }) });
  }
  if (action === "approve" && voted)
    return refused({ message: `${caller.person} approved it; it waits for ${open}.`, ...others(pending) });
  const place = { ...subject, environment, releaseId };
  return await mayDo(system, actingIn(caller, you.roles, policy), { action, ...place });
}

function others({ eligible }: PendingRelease): { next?: string } {
  return eligible.length === 0 ? {} : { next: askOneOf(eligible) };
}

/** In the name of another, or asked for by name, a person has the role that is asked for. */
export function actingIn(
  caller: Caller,
  theirs: readonly Role[],
  { roles }: Pick<EffectivePolicy, "roles">,
): Caller {
  const lent = theirs.length > 0 ? theirs : roles.slice(0, 1);
  return { ...caller, roles: [...new Set([...caller.roles, ...lent])] };
}
