import { type EffectivePolicy, effectivePolicy, policyAsked } from "../domain/release/effective-policy.ts";
import type { Tenant } from "../domain/tenant/tenant.ts";
import type { AgentContext } from "../ports/agent.ts";

/** As much of an invocation as a policy depends on. */
export type PolicySubject = Pick<AgentContext, "invocation" | "handOver">;

/** The policy that holds for the delivery at hand in one of its environments. */
export function policyOfDelivery(
  tenant: Tenant,
  { invocation, handOver }: PolicySubject,
  environment: string,
): EffectivePolicy {
  return effectivePolicy(tenant, policyAsked({ subject: invocation, handOver }, environment));
}
