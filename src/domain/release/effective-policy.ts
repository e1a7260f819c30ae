/**
 * The policy that holds for one module in one environment, and nothing that does not apply there (2-contracts §6): what
 * an approval binds, and what every verdict records.
 */
import { digestOf } from "../canonical-json.ts";
import type { HandOver } from "../delivery/hand-over.ts";
import { type PolicyAsked, type ResolvedPolicy, resolvePolicy } from "../policy/resolve-policy.ts";
import type { Subject } from "../scope.ts";
import type { Approver } from "../tenant/security-policy.ts";
import type { EnvironmentPolicy, Tenant } from "../tenant/tenant.ts";

export interface EffectivePolicy extends EnvironmentPolicy {
  environment: string;
  /** Whether the one person of a fresh installation may approve what they handed over (2-contracts §5). */
  selfApproval: boolean;
  /** Who alone may vote, and as what; absent: everybody with a role that is asked for. */
  approvers?: Approver[];
  /** There where compliance mode is on. */
  compliance?: true;
}

/** Of an environment by its name alone, what holds whatever the module. */
export function effectivePolicy(
  tenant: Tenant,
  place: string | PolicyAsked,
  complianceMode = false,
): EffectivePolicy {
  const asked = typeof place === "string" ? { environment: place } : place;
  return effectiveOf(tenant, asked.environment, resolvePolicy(tenant, { complianceMode, ...asked }));
}

function effectiveOf(tenant: Tenant, environment: string, resolved: ResolvedPolicy): EffectivePolicy {
  const { values, approvers, compliance } = resolved;
  const alone = tenant.separationOfDuties === "single-person" && tenant.people.length === 1;
  return {
    ...values,
    environment,
    selfApproval: alone && compliance === undefined,
    ...(approvers !== undefined && { approvers }),
    ...(compliance !== undefined && { compliance: true }),
  };
}

/** What the policy of a delivery is asked with, as it was handed over. */
export function policyAsked(
  { subject, handOver }: { subject: Subject; handOver?: HandOver | undefined },
  environment: string,
): PolicyAsked {
  const { moduleId, traceId } = subject;
  const { editionId, complianceMode, module } = handOver ?? {};
  return { environment, moduleId, traceId, editionId, complianceMode, wishes: module?.policy };
}

const digests = new WeakMap<EffectivePolicy, string>();

/** The version of a policy. */
export function policyDigest(policy: EffectivePolicy): string {
  const digest = digests.get(policy) ?? digestOf(policy);
  digests.set(policy, digest);
  return digest;
}
