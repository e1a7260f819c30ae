/** Whether somebody could do a thing, for a screen that offers it: nothing is done, so nothing is recorded. */
import type { Refusal } from "../../domain/refusal.ts";
import type { Caller, System } from "../system.ts";
import { questionOf, type Wish } from "./question-of.ts";
import { refusalOf } from "./refusal-of.ts";

export interface Possibility {
  allowed: boolean;
  /** Why not, one sentence. */
  why?: string;
  /** What would let them. */
  next?: string;
}

export async function mayDo(system: System, caller: Caller, wish: Wish): Promise<Possibility> {
  const tenant = await system.tenants.get(caller.tenantId);
  const question = await questionOf(system, caller, { tenant, wish });
  const [decision] = await system.policy.ask([question], tenant.policies);
  if (decision === undefined || decision.allowed) return { allowed: decision?.allowed === true };
  const nearest = decision.rules.length > 0 ? [] : await system.policy.nearest(question, tenant.policies);
  return refused(refusalOf(question, decision, nearest));
}

export function refused({ message, next }: Pick<Refusal, "message" | "next">): Possibility {
  return { allowed: false, why: message, ...(next !== undefined && { next }) };
}
