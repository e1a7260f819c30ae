/** ProposeRelease: a number for this version in this environment; the same invocation keeps its number. */
import { refuse } from "../../../domain/refusal.ts";
import type { AgentContext, AgentOutcome, Skill } from "../../../ports/agent.ts";
import type { ReleaseManagerPorts } from "../ports.ts";
import { versionOf } from "../version-of.ts";

export function createProposeRelease({ ledger }: Pick<ReleaseManagerPorts, "ledger">): Skill {
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
    return {
      status: "Success",
      summary: `${releaseId}: ${moduleId} ${version} for ${environment}`,
      emits: [{ name: "ReleaseProposed", data: { releaseId, version, environment } }],
    };
  };
}
