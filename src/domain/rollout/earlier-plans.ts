/** Plans that were written before steps had types stand on approvals, and are applied as they were meant. */
import { z } from "zod";
import type { RolloutStep } from "./rollout-steps.ts";
import { trafficLimitsSchema } from "./traffic.ts";

const earlierPlan = z.looseObject({
  releaseId: z.string(),
  steps: z
    .array(z.object({ step: z.string(), does: z.string(), timeoutMs: z.number() }))
    .refine((steps) => steps.some(({ step }) => step === "switch")),
  rollback: z.looseObject({ to: z.looseObject({ releaseId: z.string() }).nullable() }),
});

/** The plan as it is written now; anything else is given back as it is. */
export function currentPlan(plan: unknown): unknown {
  const earlier = earlierPlan.safeParse(plan);
  if (!earlier.success) return plan;
  const { releaseId, steps, rollback } = earlier.data;
  const before = rollback.to?.releaseId;
  return { ...earlier.data, steps: steps.flatMap((one) => currentStep(one, { releaseId, before })) };
}

function currentStep(
  { step, does, timeoutMs }: { step: string; does: string; timeoutMs: number },
  { releaseId, before }: { releaseId: string; before: string | undefined },
): RolloutStep[] {
  const same = { does, timeoutMs };
  switch (step) {
    case "start":
      return [{ step, ...same, replicas: 1 }];
    case "switch":
      return [{ step: "route", ...same, shares: [{ releaseId, weight: 100 }] }];
    case "verify":
      return [{ step, ...same, limits: trafficLimitsSchema.parse({}) }];
    default:
      return before === undefined ? [] : [{ step: "retire", ...same, releaseId: before }];
  }
}
