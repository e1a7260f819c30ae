import type { PolicyAsked } from "../domain/policy/resolve-policy.ts";
import { type EffectivePolicy, effectivePolicy, policyAsked } from "../domain/release/effective-policy.ts";
import { remember } from "../domain/remember.ts";
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
  return policiesOf(tenant)(policyAsked({ subject: invocation, handOver }, environment));
}

/** By the declaration as it was parsed: the next version of it is another object. */
const known = new WeakMap<Tenant, (asked: PolicyAsked) => EffectivePolicy>();

function policiesOf(tenant: Tenant): (asked: PolicyAsked) => EffectivePolicy {
  const policies =
    known.get(tenant) ??
    remember((asked: PolicyAsked) => effectivePolicy(tenant, asked), { keyOf: JSON.stringify, kept: 500 });
  known.set(tenant, policies);
  return policies;
}
