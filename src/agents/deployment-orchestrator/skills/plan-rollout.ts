/** PlanRollout: writes how the release will be applied, and what a rollback would go back to, before anything is. */
import { stringify } from "yaml";
import { refuse } from "../../../domain/refusal.ts";
import { planRollout } from "../../../domain/rollout/rollout-plan.ts";
import type { ServingRelease } from "../../../domain/rollout/traffic-moves.ts";
import type { AgentContext, AgentOutcome, Skill } from "../../../ports/agent.ts";
import type { LedgerEntry } from "../../../ports/release-ledger.ts";
import type { DeploymentOrchestratorPorts } from "../ports.ts";
import { releaseAtHand } from "../release-at-hand.ts";

export function createPlanRollout(ports: DeploymentOrchestratorPorts): Skill {
  return async function planTheRollout(context: AgentContext): Promise<AgentOutcome> {
    const { place, releaseId, version } = await releaseAtHand(context);
    const [policy, runtime, current, artifact] = await Promise.all([
      ports.policyOf(context, place.environment),
      ports.runtimeOf(place.tenantId, place.environment),
      ports.releases.current(place),
      builtArtifact(context),
    ]);
    const plan = planRollout({
      ...place,
      ...runtime,
      releaseId,
      version,
      artifact,
      module: context.handOver.module,
      policy,
      serving: current === undefined ? undefined : servingOf(current),
      ...(ports.verifyMs !== undefined && { verifyMs: ports.verifyMs }),
    });
    context.memory.write("deployments", "RolloutPlan.yaml", stringify(plan));
    const back =
      plan.rollback.to === null ? "nothing serves yet" : `rollback goes to ${plan.rollback.to.version}`;
    return {
      status: "Success",
      summary: `${plan.strategy} rollout of ${version} planned; ${[back, ...plan.rollback.irreversible].join("; ")}`,
      emits: [],
    };
  };
}

function servingOf({ releaseId, version, spec }: LedgerEntry): ServingRelease {
  return { releaseId, version, replicas: spec.replicas ?? 1 };
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
