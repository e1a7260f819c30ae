/** The steps that a rollout is made of. Each is idempotent, says in words what it does, and has an end. */
import { z } from "zod";
import { commandSchema } from "../module/module-spec.ts";
import { trafficLimitsSchema } from "./traffic.ts";

const does = z.string();
const timeoutMs = z.number().min(0);
const releaseId = z.string();
const replicas = z.int().min(0);
const migration = { does, timeoutMs, run: commandSchema, undo: commandSchema.optional() };

export const rolloutStepSchema = z.discriminatedUnion("step", [
  /** Runs once a release, before any traffic moves. */
  z.object({ step: z.literal("migrate"), ...migration }),
  z.object({ step: z.literal("start"), does, timeoutMs, replicas }),
  /** All of the module's traffic; releases that are not named get none. */
  z.object({
    step: z.literal("route"),
    does,
    timeoutMs,
    shares: z.array(z.object({ releaseId, weight: z.int().min(1).max(100) })),
  }),
  /** Watches the shares for a while; without a time, until a person promotes it. */
  z.object({ step: z.literal("pause"), does, timeoutMs: timeoutMs.nullable(), weight: z.int() }),
  z.object({ step: z.literal("scale"), does, timeoutMs, releaseId, replicas }),
  z.object({ step: z.literal("retire"), does, timeoutMs, releaseId }),
  /** Asked once, of every instance where it is HTTP. */
  z.object({
    step: z.literal("check"),
    does,
    timeoutMs,
    name: z.string(),
    http: z.object({ path: z.string(), status: z.int(), contains: z.string().optional() }).optional(),
    command: commandSchema.optional(),
  }),
  /** Exits, probes, and errors and latency of the traffic decide, for as long as the timeout says. */
  z.object({ step: z.literal("verify"), does, timeoutMs, limits: trafficLimitsSchema }),
  /** Runs once a release, after all traffic has moved and the release before is gone. */
  z.object({ step: z.literal("after"), ...migration }),
]);
export type RolloutStep = z.infer<typeof rolloutStepSchema>;
export type StepOf<Name extends RolloutStep["step"]> = Extract<RolloutStep, { step: Name }>;

export type MigrationPhase = "before" | "after";
