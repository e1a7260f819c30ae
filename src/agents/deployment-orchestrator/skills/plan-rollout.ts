/** PlanRollout: writes how the release will be applied, and what a rollback would go back to, before anything is. */
import { stringify } from "yaml";
import { refuse } from "../../../domain/refusal.ts";
import { planRollout } from "../../../domain/rollout/rollout-plan.ts";
import type { AgentContext, AgentOutcome, Skill } from "../../../ports/agent.ts";
import type { DeploymentOrchestratorPorts } from "../ports.ts";
import { releaseAtHand } from "../release-at-hand.ts";

const defaultVerifyMs = 2_000;

export function createPlanRollout(ports: DeploymentOrchestratorPorts): Skill {
  return async function planTheRollout(context: AgentContext): Promise<AgentOutcome> {
    const { place, releaseId, version } = await releaseAtHand(context);
    const policy = await ports.policyOf(place.tenantId, place.environment);
    const plan = planRollout({
      ...place,
      releaseId,
      version,
      artifact: await builtArtifact(context),
      module: context.handOver.module,
      serving: await ports.releases.current(place),
      rollbackAllowed: policy.rollbackAllowed,
      verifyMs: ports.verifyMs ?? defaultVerifyMs,
    });
    context.memory.write("deployments", "RolloutPlan.yaml", stringify(plan));
    const back =
      plan.rollback.to === null ? "nothing serves yet" : `rollback goes to ${plan.rollback.to.version}`;
    return {
      status: "Success",
      summary: `${plan.strategy} rollout of ${version} planned; ${back}`,
      emits: [],
    };
  };
}

async function builtArtifact(context: AgentContext): Promise<string> {
  const [built] = await context.events("ArtifactBuilt");
  if (typeof built?.data.artifact === "string") return built.data.artifact;
  throw refuse(
    "NotFound",
    `No artifact of ${context.invocation.moduleId} was built yet.`,
    "Rebuild: connectsoft rebuild",
  );
}
