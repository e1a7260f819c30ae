import { failed, type Gate } from "../gate.ts";

/** The rollout plan says what a failure would go back to, and policy lets it. */
export const rollbackPlanGate: Gate = {
  name: "rollback-plan",
  answer({ policy, supplyChain: { rollback } }) {
    if (!policy.requireRollbackPlan)
      return { status: "NotApplicable", evidence: `${policy.environment} asks for no rollback plan` };
    if (rollback === undefined || rollback === "none")
      return failed(
        "RollbackPlanMissing",
        "RolloutPlan.yaml does not say what a failure would go back to.",
        "Plan again: connectsoft retry --from planning_rollout",
      );
    const { allowed, to } = rollback;
    if (!allowed)
      return failed(
        "RollbackPlanMissing",
        `${policy.environment} requires a rollback plan and allows no rollback.`,
        "Set rollbackAllowed: true in the release policy of this environment.",
      );
    return {
      status: "Passed",
      evidence: to === undefined ? "nothing serves yet; it would be taken away" : `back to ${to}`,
    };
  },
};
