/**
 * RolloutPlan.yaml: how a release will be applied, written before anything is. It holds nothing that differs
 * from one planning to the next, because its digest is what an approval binds.
 */
import { z } from "zod";
import { parseDuration } from "../flow/duration.ts";
import {
  commandSchema,
  limitsSchema,
  type ModuleSpec,
  probesSchema,
  protocolSchema,
} from "../module/module-spec.ts";
import { refuse } from "../refusal.ts";
import { slug } from "../scope.ts";
import { type ContainerWishes, containerEngines, registrySchema } from "../tenant/container-settings.ts";
import {
  type EnvironmentPolicy,
  type Strategy,
  strategySchema,
  type TargetName,
  targetNames,
} from "../tenant/tenant.ts";
import type { SecretsAs } from "../vault/secrets-as.ts";
import { currentPlan } from "./earlier-plans.ts";
import { planRollback, rollbackPlanSchema } from "./rollback-plan.ts";
import { rolloutStepSchema } from "./rollout-steps.ts";
import { type Move, movesOf, retire, type ServingRelease } from "./traffic-moves.ts";
import { afterStep, checkSteps, migrateStep, verifyStep } from "./trial-steps.ts";

const planSchema = z.object({
  releaseId: z.string(),
  tenantId: slug,
  environment: slug,
  moduleId: slug,
  version: z.string(),
  artifact: z.string(),
  target: z.enum(targetNames).default("process"),
  /** Of a target that runs containers. */
  image: z.string().optional(),
  engine: z.enum(containerEngines).optional(),
  registry: registrySchema.optional(),
  strategy: strategySchema,
  /** Why it is another strategy than the policy's. */
  why: z.string().optional(),
  start: commandSchema,
  portVariable: z.string(),
  replicas: z.int().min(1).default(1),
  limits: limitsSchema.optional(),
  protocol: protocolSchema.optional(),
  fixedPort: z.int().optional(),
  /** The port that it insists on in a network of its own, where no other release is in its way. */
  containerPort: z.int().optional(),
  terminationGraceMs: z.number().optional(),
  /** How secrets reach it, where that is not by its environment. */
  secretsAs: z.literal("file").optional(),
  /** Fixed variables that the module needs wherever it runs, such as PYTHONPATH. */
  variables: z.record(z.string(), z.string()).optional(),
  probes: probesSchema,
  steps: z.array(rolloutStepSchema),
  timeouts: z.object({ startupMs: z.number(), verifyMs: z.number(), drainMs: z.number() }),
  /** Attempts of one deployment beyond the first; each gives the traffic back and waits before the next. */
  retry: z.object({ limit: z.int(), backoffMs: z.number().default(0) }),
  rollback: rollbackPlanSchema,
});
export type RolloutPlan = z.infer<typeof planSchema>;

export const rolloutPlanSchema = z.preprocess(currentPlan, planSchema);

export interface RolloutPlanInput extends ContainerWishes {
  tenantId: string;
  environment: string;
  releaseId: string;
  version: string;
  artifact: string;
  target: TargetName;
  module: ModuleSpec;
  policy: Pick<EnvironmentPolicy, "rollout" | "rollback" | "rollbackAllowed">;
  serving: ServingRelease | undefined;
  /** What the environment says of it, before what the module says. */
  secretsAs?: SecretsAs;
  /** In place of the policy's verification window. */
  verifyMs?: number;
}

const defaultDrainMs = 10_000;

/** Refuses with ModuleInvalid a module with a fixed port that names no port. */
export function planRollout(input: RolloutPlanInput): RolloutPlan {
  const { module, policy, serving, releaseId, version } = input;
  const { verification, retry } = policy.rollout;
  const { strategy, replicas, why, fixedPort, containerPort } = runningTogether(input);
  const startupMs = startupBudgetMs(module.probes);
  const verifyMs = input.verifyMs ?? parseDuration(verification.window) ?? 0;
  const graceMs =
    module.terminationGracePeriodSeconds === undefined
      ? undefined
      : module.terminationGracePeriodSeconds * 1_000;
  const drainMs = graceMs ?? defaultDrainMs;
  const next = { releaseId, version, replicas };
  const move: Move = { next, serving, canary: policy.rollout.canary, startupMs, drainMs };
  return {
    releaseId,
    tenantId: input.tenantId,
    environment: input.environment,
    moduleId: module.id,
    version,
    artifact: input.artifact,
    target: input.target,
    ...(input.image !== undefined && { image: input.image }),
    ...(input.engine !== undefined && { engine: input.engine }),
    ...(input.registry !== undefined && { registry: input.registry }),
    strategy,
    ...(why !== undefined && { why }),
    start: module.start,
    portVariable: module.portVariable,
    replicas,
    ...(module.limits !== undefined && { limits: module.limits }),
    ...(module.protocol !== undefined && { protocol: module.protocol }),
    ...(fixedPort !== undefined && { fixedPort }),
    ...(containerPort !== undefined && { containerPort }),
    ...(graceMs !== undefined && { terminationGraceMs: graceMs }),
    ...((input.secretsAs ?? module.secretsAs) === "file" && { secretsAs: "file" as const }),
    ...(module.environment !== undefined && { variables: module.environment }),
    probes: module.probes,
    steps: [
      ...migrateStep(module),
      ...movesOf(strategy, move),
      ...checkSteps(verification.checks),
      verifyStep(version, verification, verifyMs),
      ...(serving === undefined || strategy === "recreate" ? [] : [retire({ serving, drainMs })]),
      ...afterStep(module),
    ],
    timeouts: { startupMs, verifyMs, drainMs },
    retry: { limit: retry.limit, backoffMs: parseDuration(retry.backoff) ?? 0 },
    rollback: planRollback(input),
  };
}

/** What the module allows of what policy wants: a service that insists on its port cannot run beside itself. */
function runningTogether({ module, policy, target }: RolloutPlanInput): {
  strategy: Strategy;
  replicas: number;
  why?: string;
  fixedPort?: number;
  containerPort?: number;
} {
  const { strategy } = policy.rollout;
  const replicas = module.replicas ?? 1;
  if (module.fixedPort !== true) return { strategy, replicas };
  const { port } = module;
  if (port === undefined)
    throw refuse(
      "ModuleInvalid",
      `${module.id} says fixedPort and not which port.`,
      "Add port: <number> to module.yaml, or let the service listen on the port that its variable names.",
    );
  if (target === "container") return { strategy, replicas, containerPort: port };
  const insists = `${module.id} listens on port ${port} whatever it is told, so one instance of one release can run at a time`;
  const differs = strategy !== "recreate" || replicas > 1;
  const instead =
    strategy === "recreate" ? `1 instance instead of ${replicas}` : `recreate instead of ${strategy}`;
  return {
    strategy: "recreate",
    replicas: 1,
    fixedPort: port,
    ...(differs && { why: `${insists}: ${instead}` }),
  };
}

const leastReadinessMs = 10_000;

/** Kubernetes' startup budget, and a while for readiness, which has none of its own there. */
function startupBudgetMs({ startup, readiness }: ModuleSpec["probes"]): number {
  const startupSeconds = startup.initialDelaySeconds + startup.failureThreshold * startup.periodSeconds;
  const readinessSeconds =
    readiness.initialDelaySeconds +
    readiness.periodSeconds * (readiness.failureThreshold + readiness.successThreshold);
  return Math.round(startupSeconds * 1000 + Math.max(leastReadinessMs, readinessSeconds * 1000));
}
