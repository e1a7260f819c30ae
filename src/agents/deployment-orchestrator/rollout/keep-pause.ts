/**
 * A pause between two shares of traffic. A short one is watched closely; a long one holds no worker: the
 * invocation sleeps, and looks at what the router measured each time it wakes.
 */
import { regressionIn } from "../../../domain/rollout/regression.ts";
import type { RolloutProgress } from "../../../domain/rollout/rollout-progress.ts";
import type { StepOf } from "../../../domain/rollout/rollout-steps.ts";
import { type TrafficLimits, trafficLimitsSchema } from "../../../domain/rollout/traffic.ts";
import { namedOf, placeOf, type Rollout, type StepEnd, unwell } from "./rollout.ts";

const longestHeldMs = 20_000;
const seldomestLookMs = 300_000;

export async function keepPause(
  rollout: Rollout,
  { timeoutMs, weight }: StepOf<"pause">,
  progress: RolloutProgress,
): Promise<StepEnd> {
  const { context, target, signal, plan } = rollout;
  const nowMs = context.now().getTime();
  const begunMs = progress.since === undefined ? nowMs : Date.parse(progress.since);
  const promoter = await promotedBy(rollout, progress);
  const sick = await judge(rollout, progress);
  if (sick !== undefined) return sick;
  if (promoter !== undefined) return { kind: "done", facts: { weight, promotedBy: promoter } };
  const restMs = timeoutMs === null ? Number.POSITIVE_INFINITY : begunMs + timeoutMs - nowMs;
  if (restMs <= 0) return { kind: "done", facts: { weight } };
  if (restMs <= longestHeldMs) {
    const window = { windowMs: restMs, limits: limitsOf(rollout) };
    const running = await target.verify(namedOf(rollout), window, signal);
    return running.state === "serving"
      ? { kind: "done", running, facts: { weight } }
      : unwell(rollout, "Unhealthy", running);
  }
  // Trouble comes early: the longer it has gone well, the more seldom it looks.
  const lookMs = Math.min(seldomestLookMs, Math.max(longestHeldMs, (nowMs - begunMs) / 4));
  const until = new Date(nowMs + Math.min(lookMs, restMs)).toISOString();
  const end =
    timeoutMs === null
      ? `until a person promotes it: connectsoft promote ${context.invocation.traceId} --env ${plan.environment}`
      : `until ${new Date(begunMs + timeoutMs).toISOString()}`;
  const summary = `${plan.version} has ${weight} % of the traffic and is watched ${end}`;
  return { kind: "waits", until, wakeOn: ["RolloutPromoted"], summary };
}

/** Only a promotion since the share was given counts. */
async function promotedBy(
  { context, plan }: Rollout,
  { since }: RolloutProgress,
): Promise<string | undefined> {
  const [newest] = (await context.events("RolloutPromoted")).filter(
    (event) =>
      (event.environment ?? plan.environment) === plan.environment &&
      Date.parse(event.time) > Date.parse(since ?? event.time),
  );
  return newest === undefined ? undefined : String(newest.data.by);
}

/** By what was measured since it took traffic: nobody watched it while the invocation slept. */
async function judge(rollout: Rollout, { steps }: RolloutProgress): Promise<StepEnd | undefined> {
  const { target, at } = rollout;
  const running = (await target.list(placeOf(rollout))).find(({ releaseId }) => releaseId === at.releaseId);
  const message = (why: string) => `${at.releaseId} of ${at.place.moduleId}: ${why}`;
  if (running === undefined)
    return { kind: "failed", reason: { code: "Unhealthy", message: message("it is gone from its host") } };
  if (running.state !== "serving") return unwell(rollout, "Unhealthy", running);
  const before = steps.findLast(({ step }) => step === "route")?.facts.restartCount;
  const restarts = running.restartCount - (typeof before === "number" ? before : 0);
  if (restarts > 0)
    return unwell(rollout, "Unhealthy", {
      ...running,
      reason: `it ended and was started again ${restarts} times`,
    });
  const regression =
    running.measured === undefined ? undefined : regressionIn(limitsOf(rollout), running.measured);
  if (regression === undefined) return undefined;
  return unwell(rollout, "Unhealthy", { ...running, reason: regression });
}

function limitsOf({ plan }: Rollout): TrafficLimits {
  return plan.steps.find((step) => step.step === "verify")?.limits ?? trafficLimitsSchema.parse({});
}
