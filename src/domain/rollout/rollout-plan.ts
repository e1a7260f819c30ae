/**
 * RolloutPlan.yaml: how a release will be applied, written before anything is. It holds nothing that differs
 * from one planning to the next, because its digest is what an approval binds.
 */
import { z } from "zod";
import { commandSchema, type ModuleSpec, probesSchema } from "../module/module-spec.ts";
import { slug } from "../scope.ts";

const releaseSchema = z.object({ releaseId: z.string(), version: z.string() });

export const rolloutPlanSchema = z.object({
  releaseId: z.string(),
  tenantId: slug,
  environment: slug,
  moduleId: slug,
  version: z.string(),
  artifact: z.string(),
  strategy: z.literal("blue-green"),
  start: commandSchema,
  portVariable: z.string(),
  /** Fixed variables that the module needs wherever it runs, such as PYTHONPATH. */
  variables: z.record(z.string(), z.string()).optional(),
  probes: probesSchema,
  steps: z.array(z.object({ step: z.string(), does: z.string(), timeoutMs: z.number() })),
  timeouts: z.object({ startupMs: z.number(), verifyMs: z.number(), drainMs: z.number() }),
  /** Attempts of one deployment beyond the first; a failed one is rolled back, a person or a new release tries again. */
  retry: z.object({ limit: z.int() }),
  rollback: z.object({
    allowed: z.boolean(),
    /** What served when this was planned; null where nothing did. */
    to: releaseSchema.nullable(),
    steps: z.array(z.string()),
  }),
});
export type RolloutPlan = z.infer<typeof rolloutPlanSchema>;

export interface RolloutPlanInput {
  tenantId: string;
  environment: string;
  releaseId: string;
  version: string;
  artifact: string;
  module: ModuleSpec;
  serving: { releaseId: string; version: string } | undefined;
  rollbackAllowed: boolean;
  verifyMs: number;
}

const drainMs = 10_000;
const leastReadinessMs = 10_000;

export function planRollout(input: RolloutPlanInput): RolloutPlan {
  const { module, serving, verifyMs } = input;
  const startupMs = startupBudgetMs(module.probes);
  const steps = [
    { step: "start", does: `start ${module.start.join(" ")} beside what serves`, timeoutMs: startupMs },
    { step: "switch", does: "move the traffic when startup and readiness probes pass", timeoutMs: 0 },
    { step: "verify", does: "watch readiness, liveness and exits under traffic", timeoutMs: verifyMs },
  ];
  const retire = { step: "retire", does: `drain and stop ${serving?.releaseId}`, timeoutMs: drainMs };
  return {
    releaseId: input.releaseId,
    tenantId: input.tenantId,
    environment: input.environment,
    moduleId: module.id,
    version: input.version,
    artifact: input.artifact,
    strategy: "blue-green",
    start: module.start,
    portVariable: module.portVariable,
    ...(module.environment !== undefined && { variables: module.environment }),
    probes: module.probes,
    steps: serving === undefined ? steps : [...steps, retire],
    timeouts: { startupMs, verifyMs, drainMs },
    retry: { limit: 0 },
    rollback: {
      allowed: input.rollbackAllowed,
      to: serving === undefined ? null : { releaseId: serving.releaseId, version: serving.version },
      steps: rollbackSteps(input),
    },
  };
}

/** Kubernetes' startup budget, and a while for readiness, which has none of its own there. */
function startupBudgetMs({ startup, readiness }: ModuleSpec["probes"]): number {
  const startupSeconds = startup.initialDelaySeconds + startup.failureThreshold * startup.periodSeconds;
  const readinessSeconds =
    readiness.initialDelaySeconds +
    readiness.periodSeconds * (readiness.failureThreshold + readiness.successThreshold);
  return Math.round(startupSeconds * 1000 + Math.max(leastReadinessMs, readinessSeconds * 1000));
}

function rollbackSteps({ releaseId, serving, rollbackAllowed }: RolloutPlanInput): string[] {
  if (!rollbackAllowed) return ["ask a person: policy does not allow a rollback"];
  if (serving === undefined) return [`stop ${releaseId}`, "nothing serves, as before"];
  return [
    `start ${serving.releaseId} with its own settings where it does not run`,
    `move the traffic back to ${serving.releaseId}`,
    `stop ${releaseId} and hold its version`,
  ];
}
