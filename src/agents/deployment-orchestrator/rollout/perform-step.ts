/** Does one step of a plan. Each finds what an earlier attempt did of it, and does the rest. */

import type { RolloutProgress } from "../../../domain/rollout/rollout-progress.ts";
import type { MigrationPhase, RolloutStep, StepOf } from "../../../domain/rollout/rollout-steps.ts";
import { runMigration } from "../migrations.ts";
import { askCheck } from "./ask-check.ts";
import { keepPause } from "./keep-pause.ts";
import { namedOf, placeOf, type Rollout, type StepEnd, unwell, watchOf } from "./rollout.ts";

export async function performStep(
  rollout: Rollout,
  step: RolloutStep,
  progress: RolloutProgress,
): Promise<StepEnd> {
  switch (step.step) {
    case "migrate":
      return await migrate(rollout, step, "before");
    case "start":
      return await start(rollout, step.replicas);
    case "route":
      return await route(rollout, step);
    case "pause":
      return await keepPause(rollout, step, progress);
    case "scale":
      return await scale(rollout, step);
    case "retire":
      if (rollout.plan.strategy === "recreate") await rollout.target.requireRoom(rollout.spec);
      return await retireOthers(rollout);
    case "check":
      return await askCheck(rollout, step, progress.attempt);
    case "verify":
      return await verify(rollout, step, progress);
    case "after":
      return await migrate(rollout, step, "after");
  }
}

async function start(rollout: Rollout, replicas: number): Promise<StepEnd> {
  // What serves by now may be another release than the plan knew of, and a recreated module stands beside none.
  if (rollout.plan.strategy === "recreate") await retireOthers(rollout);
  const running = await rollout.target.start(rollout.spec, watchOf(rollout), replicas);
  if (running.state !== "ready" && running.state !== "serving") return unwell(rollout, "NotReady", running);
  return { kind: "done", running, facts: { startupTimeMs: running.startupTimeMs ?? null } };
}

/**
 * The plan's shares; what is not the new release's goes to what serves by now, and where nothing does, to nobody
 * else. What served stands by, until it is retired, for requests that the new release is not there to take.
 */
async function route(rollout: Rollout, { shares }: StepOf<"route">): Promise<StepEnd> {
  const { at, previous, target } = rollout;
  const own = shares.find(({ releaseId }) => releaseId === at.releaseId)?.weight ?? 100;
  const others = previous === undefined ? [] : [{ releaseId: previous.releaseId, weight: 100 - own }];
  // What served may be dead, and must not hold up what mends it.
  const beside = others.length > 0 && (await runs(rollout, others[0]?.releaseId)) ? others : [];
  const weight = beside.length === 0 ? 100 : own;
  if (beside.length < others.length && own < 100)
    rollout.context.progress(`${previous?.version} does not run: all of the traffic goes to ${at.version}`);
  const routed = await target.route(placeOf(rollout), [{ releaseId: at.releaseId, weight }, ...beside]);
  const running = routed.find(({ releaseId }) => releaseId === at.releaseId);
  return {
    kind: "done",
    ...(running !== undefined && { running }),
    facts: { weight, restartCount: running?.restartCount ?? 0 },
  };
}

async function scale(rollout: Rollout, { releaseId, replicas }: StepOf<"scale">): Promise<StepEnd> {
  const { at, previous, target } = rollout;
  if (releaseId === at.releaseId) return await start(rollout, replicas);
  if (previous !== undefined && (await runs(rollout, previous.releaseId)))
    await target.scale(namedOf(rollout, previous.releaseId), replicas, watchOf(rollout));
  return { kind: "done", facts: { replicas } };
}

async function runs(rollout: Rollout, releaseId: string | undefined): Promise<boolean> {
  const found = (await rollout.target.list(placeOf(rollout))).find((one) => one.releaseId === releaseId);
  return found?.state === "ready" || found?.state === "serving";
}

/** Also what a cancelled or superseded attempt may have left behind. */
export async function retireOthers(rollout: Rollout): Promise<StepEnd> {
  const { at, plan, target } = rollout;
  const retired: string[] = [];
  for (const other of await target.list(placeOf(rollout))) {
    // One that crashed will be started again.
    const gone = other.pid === undefined && other.state !== "crashed";
    if (other.releaseId === at.releaseId || gone) continue;
    if (other.traffic && plan.strategy !== "recreate") continue;
    await target.retire(namedOf(rollout, other.releaseId));
    retired.push(other.releaseId);
  }
  return { kind: "done", facts: { retired } };
}

/** The window counts from when the last of the traffic moved, so that an attempt that broke off waits for the rest. */
async function verify(
  rollout: Rollout,
  { timeoutMs, limits }: StepOf<"verify">,
  { since }: RolloutProgress,
): Promise<StepEnd> {
  const { context, target, signal } = rollout;
  const begunMs = since === undefined ? context.now().getTime() : Date.parse(since);
  const windowMs = Math.max(0, Math.min(timeoutMs, begunMs + timeoutMs - context.now().getTime()));
  const running = await target.verify(namedOf(rollout), { windowMs, limits }, signal);
  if (running.state !== "serving") return unwell(rollout, "Unhealthy", running);
  const { measured } = running;
  return { kind: "done", running, facts: measured === undefined ? {} : { traffic: { ...measured } } };
}

async function migrate(
  { ports, context, recorded, redact }: Rollout,
  { run, undo, timeoutMs }: StepOf<"migrate"> | StepOf<"after">,
  phase: MigrationPhase,
): Promise<StepEnd> {
  const migration = { phase, run, timeoutMs, ...(undo !== undefined && { undo }) };
  const failure = await runMigration(ports, context, { spec: recorded, migration });
  if (failure === undefined) return { kind: "done" };
  // The new release serves and is sound; what is left to do is the migration's owner's.
  if (phase === "after") return { kind: "done", facts: { failure: redact(failure) } };
  return { kind: "failed", reason: { code: "MigrationFailed", message: redact(failure) }, final: true };
}
