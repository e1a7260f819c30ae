/** Who may do it: every operation asks here, the policy decision point answers, and what was decided is on record first. */
import { type Refusal, RefusalError } from "../domain/refusal.ts";
import { questionOf, type Wish } from "./access/question-of.ts";
import { recordAccess } from "./access/record-access.ts";
import { refusalOf } from "./access/refusal-of.ts";
import type { Caller, System } from "./system.ts";

export type { Wish };

/**
 * Refuses what no policy permits or one forbids, with the rule that decided. The decision is in the tenant's journal
 * before it is answered, where it is a denial or permits a change.
 */
export async function permit(system: System, caller: Caller, wish: Wish): Promise<void> {
  const refusal = await refusalOfWish(system, caller, wish);
  if (refusal !== undefined) throw new RefusalError(refusal);
}

/** The same for who has something to do about a refusal before it is answered. */
export async function refusalOfWish(
  system: System,
  caller: Caller,
  wish: Wish,
): Promise<Refusal | undefined> {
  const tenant = await system.tenants.get(caller.tenantId);
  const question = await questionOf(system, caller, { tenant, wish });
  const decision = await system.policy.decide(question, tenant.policies);
  if (decision.allowed) {
    await recordAccess(system, question, decision);
    return undefined;
  }
  const nearest = decision.rules.length > 0 ? [] : await system.policy.nearest(question, tenant.policies);
  const refusal = refusalOf(question, decision, nearest);
  await recordAccess(system, question, { ...decision, code: refusal.code });
  return refusal;
}

/** Refuses a tenant that is not the caller's. */
export async function permitTenant(system: System, caller: Caller, tenantId: string): Promise<void> {
  if (tenantId !== caller.tenantId) await permit(system, caller, { action: "view", tenantId });
}
