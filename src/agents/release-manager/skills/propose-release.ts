/**
 * ProposeRelease: a number for this version in this environment; the same invocation keeps its number. In compliance mode
 * it is rejected at once where something is not set up that compliance asks for.
 */
import { complianceNeeds } from "../../../domain/policy/compliance-needs.ts";
import { resolvePolicy } from "../../../domain/policy/resolve-policy.ts";
import { refuse } from "../../../domain/refusal.ts";
import { effectivePolicy, policyAsked } from "../../../domain/release/effective-policy.ts";
import type { AgentContext, AgentOutcome, Emission, Skill } from "../../../ports/agent.ts";
import type { ReleaseManagerPorts } from "../ports.ts";
import { versionOf } from "../version-of.ts";

export function createProposeRelease({
  ledger,
  tenants,
}: Pick<ReleaseManagerPorts, "ledger" | "tenants">): Skill {
  return async function proposeRelease(context: AgentContext): Promise<AgentOutcome> {
    const { tenantId, moduleId, environment, invocationId } = context.invocation;
    if (environment === undefined)
      throw refuse(
        "InputInvalid",
        "A release is proposed for an environment and none was given.",
        "Use the environment flow.",
      );
    const version = await versionOf(context);
    const releaseId = await ledger.allocate({ tenantId, environment, moduleId, version, invocationId });
    const tenant = await tenants.get(tenantId);
    const asked = policyAsked({ subject: context.invocation, handOver: context.handOver }, environment);
    const { compliance } = resolvePolicy(tenant, asked);
    const release = { releaseId, version, environment };
    const proposed: Emission = {
      name: "ReleaseProposed",
      data: { ...release, ...(compliance !== undefined && { compliance }) },
    };
    const [refusal, ...more] = complianceNeeds(tenant, asked, effectivePolicy(tenant, asked));
    if (refusal !== undefined) {
      const reasons = [refusal, ...more].map((reason) => ({ ...reason }));
      const emits: Emission[] = [proposed, { name: "ReleaseRejected", data: { ...release, reasons } }];
      return { status: "Failed", retryable: false, refusal, emits };
    }
    return {
      status: "Success",
      summary: `${releaseId}: ${moduleId} ${version} for ${environment}`,
      emits: [proposed],
    };
  };
}
