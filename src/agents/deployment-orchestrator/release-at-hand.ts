/** Which release of which place an invocation is about. */
import { refuse } from "../../domain/refusal.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { Place } from "../../ports/release-ledger.ts";

export interface ReleaseAtHand {
  place: Place;
  releaseId: string;
  version: string;
}

/** By the invocation, and by what was proposed; the version is the proposal's. */
export async function releaseAtHand(context: AgentContext): Promise<ReleaseAtHand> {
  const { tenantId, moduleId, environment, skillId } = context.invocation;
  if (environment === undefined) {
    throw refuse(
      "InputInvalid",
      `${skillId} works for one environment and none was given.`,
      "Invoke it in an environment's flow.",
    );
  }
  const proposals = (await context.events("ReleaseProposed")).filter(
    (event) => (event.data.environment ?? event.environment) === environment,
  );
  const releaseId = context.invocation.releaseId ?? proposals[0]?.data.releaseId;
  const proposal = proposals.find((event) => event.data.releaseId === releaseId);
  if (typeof releaseId !== "string" || typeof proposal?.data.version !== "string") {
    throw refuse(
      "NotFound",
      `No release of ${moduleId} was proposed for ${environment}.`,
      "Propose it first.",
    );
  }
  return { place: { tenantId, environment, moduleId }, releaseId, version: proposal.data.version };
}

/** Who may act where a deployment cannot go on by itself (2-contracts §5). */
export const whoMayAct = ["Deployer", "DevOpsEngineer", "StudioAdmin"];
