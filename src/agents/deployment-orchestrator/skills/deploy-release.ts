/**
 * DeployRelease: applies the approved bytes with the approved plan, while nobody else moves releases at that
 * place. What served serves until the new release is ready, and runs on until it has proved itself. A repeated
 * attempt applies what the first one dispatched, from the step at which it was.
 */
import { RefusalError } from "../../../domain/refusal.ts";
import { VaultAway } from "../../../domain/vault/vault-away.ts";
import type { AgentContext, AgentOutcome, Skill } from "../../../ports/agent.ts";
import type { RolloutLease } from "../../../ports/release-ledger.ts";
import { askedAgainAt, secretsMissing } from "../../wait-for-vault.ts";
import { approvedDigests } from "../check-dispatch.ts";
import type { DeploymentOrchestratorPorts } from "../ports.ts";
import { readRolloutPlan } from "../recorded-spec.ts";
import { appendDeployStage, ledgerEntry, writeDeploymentRecords } from "../records.ts";
import { type ReleaseAtHand, releaseAtHand } from "../release-at-hand.ts";
import { type Dispatched, dispatch } from "../rollout/dispatch.ts";
import { type HeldLease, holdLease, LeaseLost } from "../rollout/hold-lease.ts";
import { cannotDeploy, completed, failed, sentBack, waits, waitsForGates } from "../rollout/outcomes.ts";
import { runRollout } from "../rollout/run-rollout.ts";
import { tellOwner } from "../tell-owner.ts";

export function createDeployRelease(ports: DeploymentOrchestratorPorts): Skill {
  return async function deployRelease(context: AgentContext): Promise<AgentOutcome> {
    const at = await releaseAtHand(context);
    const lease = await holdLease(ports.releases, context, at);
    if ("by" in lease) return follows(context, at, lease.by);
    const { held } = lease;
    try {
      const outcome = await ports.releases.inTurn(at.place, held.signal, () =>
        deploy(ports, context, { at, lease: held }),
      );
      await giveOn(context, held, outcome);
      return outcome;
    } catch (error) {
      if (error instanceof LeaseLost) return sentBack(at, [{ code: "Conflict", message: error.message }]);
      if (error instanceof VaultAway) return await afterVault(ports, context, { at, lease: held, error });
      // What is away comes back: that is for another attempt, and for nobody to decide.
      if (!(error instanceof RefusalError) || error.refusal.code === "Unavailable") throw error;
      await held.release();
      return cannotDeploy(at, error.refusal);
    } finally {
      held.letGo();
    }
  };
}

/** What was begun goes on from where it is; where nothing was, the release is evaluated again, and held until it answers. */
async function afterVault(
  ports: DeploymentOrchestratorPorts,
  context: AgentContext,
  { at, lease, error: { refusal } }: { at: ReleaseAtHand; lease: HeldLease; error: VaultAway },
): Promise<AgentOutcome> {
  const { invocationId } = context.invocation;
  const begun = await ports.releases.dispatched(at.place, { releaseId: at.releaseId, invocationId });
  if (begun === undefined) {
    await lease.release();
    return sentBack(at, [secretsMissing(refusal)]);
  }
  const outcome = waits({
    kind: "waits",
    summary: refusal.message,
    until: askedAgainAt(context),
    wakeOn: [],
  });
  await giveOn(context, lease, outcome);
  return outcome;
}

async function deploy(
  ports: DeploymentOrchestratorPorts,
  context: AgentContext,
  { at, lease }: { at: ReleaseAtHand; lease: HeldLease },
): Promise<AgentOutcome> {
  const [approved, plan] = await Promise.all([
    approvedDigests(context, at.releaseId),
    readRolloutPlan(context),
  ]);
  const dispatched = await dispatch(ports, context, { at, plan, approved, signal: lease.signal });
  if ("differences" in dispatched) return sentBack(at, dispatched.differences);
  if ("unanswered" in dispatched) {
    // Nothing of it has started: another release may go first.
    await lease.release();
    return waitsForGates(dispatched);
  }
  const { rollout, progress, startedAt } = dispatched;
  const end = await runRollout(rollout, { lease, progress, proven: () => recordProven(ports, dispatched) });
  if (end.kind === "waits") return waits(end);
  const report = { status: end.kind, startedAt, plan, previous: rollout.previous, ...end };
  if (end.kind === "failed") {
    const fact = { spec: rollout.recorded, outcome: "Failed" as const, reasons: end.reasons };
    await ports.releases.record(ledgerEntry(context, at, fact));
  }
  writeDeploymentRecords(context, at, report);
  await appendDeployStage(context, at, end.kind === "done" ? "Success" : "Failed");
  return end.kind === "done" ? completed(context, at, report) : failed(at, report);
}

/** From here on it is what serves, whatever becomes of the steps that are left. */
async function recordProven(
  { releases }: DeploymentOrchestratorPorts,
  { rollout }: Dispatched,
): Promise<void> {
  const { context, at, recorded, previous } = rollout;
  await releases.record(ledgerEntry(context, at, { spec: recorded, outcome: "Deployed", reasons: [] }));
  if (previous !== undefined)
    await tellOwner(releases, context, { name: "ReleaseReplaced", of: previous, by: at });
}

const marginMs = 60_000;

/** The place stays ours while a rollout sleeps, and until the rollback that follows it has begun. */
async function giveOn(context: AgentContext, lease: HeldLease, outcome: AgentOutcome): Promise<void> {
  if (outcome.status === "Delayed")
    await lease.keep(Date.parse(outcome.until ?? "") - context.now().getTime() + marginMs);
  else if (outcome.emits.some(({ name }) => name === "RollbackTriggered")) await lease.keep(marginMs);
  else await lease.release();
}

const soonestLookMs = 1_000;
const seldomestLookMs = 60_000;

/** Looks again after a part of what it has waited, and when the lease would end. */
function follows(context: AgentContext, at: ReleaseAtHand, lease: RolloutLease): AgentOutcome {
  const nowMs = context.now().getTime();
  const waitedMs = nowMs - Date.parse(context.invocation.invokedAt);
  const lookMs = Math.min(seldomestLookMs, waitedMs / 4, Date.parse(lease.expiresAt) - nowMs);
  const { moduleId, environment } = at.place;
  return {
    status: "Delayed",
    summary: `${lease.releaseId} of ${lease.traceId} is being rolled out as ${moduleId} in ${environment} until ${lease.expiresAt} or later; ${at.releaseId} follows it`,
    emits: [],
    wakeOn: [],
    until: new Date(nowMs + Math.max(soonestLookMs, lookMs)).toISOString(),
  };
}
