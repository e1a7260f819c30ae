/** The policy that holds for one environment: what an approval binds, and what every verdict records. */
import { digestOf } from "../canonical-json.ts";
import { type EnvironmentPolicy, environmentPolicySchema, type Tenant } from "../tenant/tenant.ts";

export interface EffectivePolicy extends EnvironmentPolicy {
  environment: string;
  /** Whether the one person of a fresh installation may approve what they handed over (2-contracts §5). */
  selfApproval: boolean;
}

export function effectivePolicy(
  tenant: Tenant,
  environment: string,
  complianceMode = false,
): EffectivePolicy {
  const declared = tenant.releasePolicy.environments[environment];
  // Production without a policy is approved by a person: forgetting a line must not open it.
  const policy =
    declared ?? environmentPolicySchema.parse({ requiresApproval: environment === "production" });
  const selfApproval =
    tenant.separationOfDuties === "single-person" && tenant.people.length === 1 && !complianceMode;
  return { ...policy, environment, selfApproval };
}

/** The version of a policy. */
export function policyDigest(policy: EffectivePolicy): string {
  return digestOf(policy);
}
