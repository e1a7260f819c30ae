/**
 * Takes a plan's steps in order, and says of each when it is done. An attempt that breaks off is taken up at
 * the step where it was; one that fails gives the traffic back and is followed by another while policy allows.
 */
import type { JsonObject } from "../../../domain/json.ts";
import { RefusalError } from "../../../domain/refusal.ts";
import { failedAttempt, progressed, type RolloutProgress } from "../../../domain/rollout/rollout-progress.ts";
import type { RolloutStep } from "../../../domain/rollout/rollout-steps.ts";
import { spanText } from "../../../domain/time-text.ts";
import type { RunningRelease } from "../../../ports/target.ts";
import { redactRelease } from "../release-environment.ts";
import { giveBack } from "./give-back.ts";
import type { HeldLease } from "./hold-lease.ts";
import { performStep } from "./perform-step.ts";
import { type Attempt, placeOf, type Rollout, type StepEnd } from "./rollout.ts";

export type RolloutEnd = ({ kind: "done" | "failed" } & Attempt) | Extract<StepEnd, { kind: "waits" }>;

export interface RolloutRun {
  lease: HeldLease;
  progress: RolloutProgress;
  /** Called when the release has proved itself under all of the traffic, before the one before it ends; again in a repeated attempt. */
  proven(): Promise<void>;
}

export async function runRollout(rollout: Rollout, run: RolloutRun): Promise<RolloutEnd> {
  const { plan, context } = rollout;
  let { progress } = run;
  let running: RunningRelease | undefined;
  const wait = backoff(rollout, progress);
  if (wait !== undefined) return wait;
  for (const [index, step] of plan.steps.entries()) {
    if (index < progress.done) continue;
    await run.lease.require();
    context.progress(`${index + 1}/${plan.steps.length} ${step.does}`);
    const begunMs = context.now().getTime();
    const end = await attempt(rollout, step, progress);
    rollout.signal.throwIfAborted();
    if (end.kind === "waits") return end;
    if (end.kind === "failed") return await afterFailure(rollout, { progress, end, step, index });
    running = end.running ?? running;
    const facts = { ...end.facts };
    const durationMs = context.now().getTime() - begunMs;
    progress = await announce(rollout, progress, { step: step.step, index: index + 1, durationMs, facts });
    if (step.step === "verify") await run.proven();
  }
  return { kind: "done", running: await measured(rollout, running), reasons: [], progress };
}

/** What the target refuses is a reason of failure, unless it is merely away. */
async function attempt(rollout: Rollout, step: RolloutStep, progress: RolloutProgress): Promise<StepEnd> {
  try {
    return await performStep(rollout, step, progress);
  } catch (error) {
    rollout.signal.throwIfAborted();
    if (!(error instanceof RefusalError) || error.refusal.code === "Unavailable") throw error;
    const { code, message } = error.refusal;
    return { kind: "failed", reason: { code, message: rollout.redact(message) } };
  }
}

function backoff({ context, plan }: Rollout, { notBefore, done, attempt }: RolloutProgress) {
  if (notBefore === undefined || done > 0 || Date.parse(notBefore) <= context.now().getTime())
    return undefined;
  const of = plan.retry.limit + 1;
  const summary = `attempt ${attempt} of ${of} to roll out ${plan.version} begins at ${notBefore}`;
  return { kind: "waits" as const, until: notBefore, wakeOn: [], summary };
}

async function afterFailure(
  rollout: Rollout,
  failure: {
    progress: RolloutProgress;
    end: Extract<StepEnd, { kind: "failed" }>;
    step: RolloutStep;
    index: number;
  },
): Promise<RolloutEnd> {
  const { plan, context } = rollout;
  const { progress, end, step, index } = failure;
  const { reason } = end;
  context.progress(`${step.step} failed: ${reason.message}`);
  const failed = { kind: "failed" as const, running: await measured(rollout, end.running), progress };
  if (end.final === true || progress.attempt > plan.retry.limit) return { ...failed, reasons: [reason] };
  const stuck = await giveBack(rollout);
  if (stuck !== undefined)
    return { ...failed, reasons: [reason, { code: "RollbackImpossible", message: stuck }] };
  const retryAt = new Date(context.now().getTime() + plan.retry.backoffMs).toISOString();
  const data = {
    step: failedAttempt,
    index: index + 1,
    retryAt,
    failedStep: step.step,
    reasons: [{ ...reason }],
  };
  await announce(rollout, progress, data);
  const again = `attempt ${progress.attempt + 1} of ${plan.retry.limit + 1} begins in ${spanText(plan.retry.backoffMs)}`;
  return { kind: "waits", until: retryAt, wakeOn: [], summary: `${reason.message}; ${again}` };
}

async function announce(
  { context, at, plan }: Rollout,
  progress: RolloutProgress,
  more: JsonObject & { step: string; index: number },
): Promise<RolloutProgress> {
  const { attempt } = progress;
  const data = {
    releaseId: at.releaseId,
    version: at.version,
    environment: at.place.environment,
    of: plan.steps.length,
    attempt,
    invocation: context.invocation.invocationId,
    ...more,
  };
  await context.announce(
    "RolloutProgressed",
    data,
    `${attempt}.${more.step === failedAttempt ? 0 : more.index}`,
  );
  return progressed(progress, { time: context.now().toISOString(), data });
}

/**
 * As it is at the end: what a step measured may be old by now, or was measured by an earlier attempt. Why it
 * failed is known best by the step that saw it.
 */
async function measured(
  rollout: Rollout,
  running: RunningRelease | undefined,
): Promise<RunningRelease | undefined> {
  const { releaseId } = rollout.at;
  const now = (await rollout.target.list(placeOf(rollout))).find((one) => one.releaseId === releaseId);
  if (now === undefined) return running;
  const { reason, exit, logTail } = running ?? now;
  return redactRelease(
    {
      ...now,
      ...(reason !== undefined && { reason }),
      ...(exit !== undefined && { exit }),
      ...(logTail !== undefined && { logTail }),
    },
    rollout.redact,
  );
}
