import { z } from "zod";
import type { AgentContext } from "../../ports/agent.ts";
import { documentOf } from "../document.ts";

const planSchema = z.looseObject({
  rollback: z.looseObject({ irreversible: z.array(z.string()).default([]) }),
});

/** What the rollout would do that no rollback takes back, one sentence each: people are shown it where they decide. */
export async function irreversibleSteps(context: AgentContext): Promise<string[]> {
  const text = await context.memory.read("deployments", "RolloutPlan.yaml");
  const plan = text === undefined ? undefined : planSchema.safeParse(documentOf(text).value);
  return plan?.success === true ? plan.data.rollback.irreversible : [];
}
