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
import { performStep, retireOthers } from "./perform-step.ts";
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
  // Said while the next step is under way: a step that is not known to be done is merely done again.
  let said: Promise<void> = Promise.resolve();
  for (const [index, step] of plan.steps.entries()) {
    if (index < progress.done) continue;
    await run.lease.require();
    const summary = `${index + 1}/${plan.steps.length} ${step.does}`;
    context.progress(summary);
    const isPause = step.step === "pause" && progress.since !== undefined;
    const begunMs = isPause ? Date.parse(progress.since ?? "") : context.now().getTime();
    const end = await attempt(rollout, step, progress);
    await said;
    rollout.signal.throwIfAborted();
    if (end.kind === "waits") return end;
    if (end.kind === "failed") return await afterFailure(rollout, { progress, end, step, index });
    running = end.running ?? running;
    const durationMs = context.now().getTime() - begunMs;
    const done = { step: step.step, index: index + 1, durationMs, summary, facts: { ...end.facts } };
    [progress, said] = announce(rollout, progress, done);
    said.catch(() => {});
    if (step.step === "verify") await run.proven();
  }
  if (!plan.steps.some(({ step }) => step === "retire")) await retireOthers(rollout);
  const last = await measured(rollout, running);
  await said;
  return { kind: "done", running: last, reasons: [], progress };
}

/** What the target refuses is a reason of failure, unless it is merely away. */
async function attempt(rollout: Rollout, step: RolloutStep, progress: RolloutProgress): Promise<StepEnd> {
  try {
    return await performStep(rollout, step, progress);
  } catch (error) {
    rollout.signal.throwIfAborted();
    if (!(error instanceof RefusalError) || error.refusal.code === "Unavailable") throw error;
    const { code, message, next } = error.refusal;
    const words = next === undefined || next === "" ? message : `${message}: ${next}`;
    return { kind: "failed", reason: { code, message: rollout.redact(words) } };
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
  const last = await measured(rollout, end.running);
  // An instance that was started again meanwhile knows nothing of the probe that ended it.
  const seen = last && end.running ? { ...last, healthStatus: end.running.healthStatus } : last;
  const failed = { kind: "failed" as const, failedStep: step.step, running: seen, progress };
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
  await announce(rollout, progress, data)[1];
  const again = `attempt ${progress.attempt + 1} of ${plan.retry.limit + 1} begins in ${spanText(plan.retry.backoffMs)}`;
  return { kind: "waits", until: retryAt, wakeOn: [], summary: `${reason.message}; ${again}` };
}

/** What it makes of the progress, and when that is on the chain. */
function announce(
  { context, at, plan }: Rollout,
  progress: RolloutProgress,
  more: JsonObject & { step: string; index: number },
): [RolloutProgress, Promise<void>] {
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
  const key = `${attempt}.${more.step === failedAttempt ? 0 : more.index}`;
  const said = context.announce("RolloutProgressed", data, key);
  return [progressed(progress, { time: context.now().toISOString(), data }), said];
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
