/**
 * RollBack: gives the traffic back to what was known good, with the settings that it ran with, and ends the
 * bad release. Runtime, ledger and held version agree afterwards, or the rollback says that it failed, with
 * what runs now. A repeated attempt looks at who has the traffic and goes on from there.
 */
import { type Refusal, RefusalError, refuse } from "../../../domain/refusal.ts";
import { commandText } from "../../../domain/rollout/trial-steps.ts";
import type { AgentContext, AgentOutcome, Emission, Skill } from "../../../ports/agent.ts";
import type { RolloutLease } from "../../../ports/release-ledger.ts";
import { undoMigration } from "../migrations.ts";
import type { DeploymentOrchestratorPorts } from "../ports.ts";
import { ledgerEntry } from "../records.ts";
import { type ReleaseAtHand, releaseAtHand } from "../release-at-hand.ts";
import { type Restoration, restoreKnownGood } from "../restore-known-good.ts";
import { type RollbackCause, rollbackCause } from "../rollback-cause.ts";
import { copies, heldByPolicy, notAllowed, rollbackFailed } from "../rollback-declined.ts";
import { type RollbackReport, recoveryMs, writeRollbackRecords } from "../rollback-map.ts";
import { type HeldLease, holdLease, LeaseLost } from "../rollout/hold-lease.ts";
import { tellOwner } from "../tell-owner.ts";

export function createRollBack(ports: DeploymentOrchestratorPorts): Skill {
  return async function rollBack(context: AgentContext): Promise<AgentOutcome> {
    const at = await releaseAtHand(context);
    const cause = await rollbackCause(context, at);
    if (!cause.triggered) {
      const policy = await ports.policyOf(context, at.place.environment);
      const declined = !policy.rollbackAllowed
        ? await notAllowed(ports, at, cause)
        : policy.rollback.mode === "held" && cause.kind !== "person"
          ? heldByPolicy(at, cause)
          : undefined;
      if (declined !== undefined) {
        await leavePlace(ports, context, at);
        return declined;
      }
      await context.announce("RollbackTriggered", triggered(at, cause));
    }
    // What serves and is bad waits for nobody: whoever tries another release beside it begins anew.
    const serves = (await ports.releases.current(at.place))?.releaseId === at.releaseId;
    const lease = await holdLease(ports.releases, context, at, { takeOver: serves });
    if ("by" in lease) return later(context, lease.by);
    const { held } = lease;
    try {
      return await ports.releases.inTurn(at.place, held.signal, () =>
        rollBackNow(ports, { ...context, signal: held.signal }, { at, cause, lease: held }),
      );
    } catch (error) {
      if (!(held.signal.reason instanceof LeaseLost)) throw error;
      const by = await ports.releases.leaseOf(at.place);
      return later(context, by ?? { releaseId: "another release", expiresAt: context.now().toISOString() });
    } finally {
      await held.release();
    }
  };
}

/** A rollout that is neither gone on with nor taken back keeps nobody else from the place. */
async function leavePlace(
  { releases }: DeploymentOrchestratorPorts,
  context: AgentContext,
  at: ReleaseAtHand,
): Promise<void> {
  const lease = await holdLease(releases, context, at);
  if ("held" in lease) await lease.held.release();
}

const lookAgainMs = 5_000;

/** Another release is being rolled out there: its traffic is its own until it has ended. */
function later(
  context: AgentContext,
  { releaseId, expiresAt }: Pick<RolloutLease, "releaseId" | "expiresAt">,
): AgentOutcome {
  const soon = new Date(context.now().getTime() + lookAgainMs).toISOString();
  const until = soon < expiresAt ? soon : expiresAt;
  return {
    status: "Delayed",
    summary: `${releaseId} is being rolled out there and ends first`,
    emits: [],
    wakeOn: [],
    until,
  };
}

async function rollBackNow(
  ports: DeploymentOrchestratorPorts,
  context: AgentContext,
  { at, cause, lease }: { at: ReleaseAtHand; cause: RollbackCause; lease: HeldLease },
): Promise<AgentOutcome> {
  const tried: string[] = [];
  try {
    // Its turn may have come long after the place was its own.
    await lease.require();
    const restoration = await restoreKnownGood(ports, context, { at, tried });
    const codeOnly = await undoSteps(ports, context, { at, restoration, tried });
    await record(ports, context, { at, cause, restoration });
    const report = { cause, restoration, tried, codeOnly };
    await writeRollbackRecords(ports, context, { at, report });
    return await completed(ports, context, { at, report });
  } catch (error) {
    lease.signal.throwIfAborted();
    // What is away comes back: that is for another attempt, and for nobody to decide.
    if (!(error instanceof RefusalError)) throw error;
    if (error.refusal.code === "Unavailable") throw brokeOff(error.refusal, tried.at(-1));
    return await rollbackFailed(ports, context, at, { cause, tried, refusal: error.refusal });
  }
}

/** With the step at which it stood: people read it where no attempt comes further. */
function brokeOff({ code, message, next }: Refusal, step: string | undefined): RefusalError {
  return refuse(code, step === undefined ? message : `It broke off at "${step}": ${message}`, next);
}

/** Each of these is recorded once, whatever attempt comes to it. */
async function record(
  { releases }: DeploymentOrchestratorPorts,
  context: AgentContext,
  { at, cause, restoration }: { at: ReleaseAtHand; cause: RollbackCause; restoration: Restoration },
): Promise<void> {
  const { spec, restored, serves } = restoration;
  const { place, releaseId, version } = at;
  const { reasons } = cause;
  await releases.record(ledgerEntry(context, at, { spec, outcome: "RolledBack", reasons }));
  if (restored !== undefined) {
    const again = { place, releaseId: restored.releaseId, version: restored.version };
    const fact = { spec: restored.spec, outcome: "Restored" as const, reasons: [] };
    await releases.record(ledgerEntry(context, again, fact));
    await tellOwner(releases, context, { name: "ReleaseRestored", of: restored, by: at });
  }
  // The same version cannot be good and held: a redeployment that failed for its settings holds nothing.
  if (serves?.version === version || !cause.blames) return;
  const reason = reasons.map(({ message }) => message).join("; ");
  await releases.hold(place, { version, releaseId, reason, at: context.now().toISOString() });
}

/** One sentence for each migration that stays; what a later release builds upon is not taken from under it. */
async function undoSteps(
  ports: DeploymentOrchestratorPorts,
  context: AgentContext,
  { at, restoration, tried }: { at: ReleaseAtHand; restoration: Restoration; tried: string[] },
): Promise<string[]> {
  const { spec, overtaken, serves } = restoration;
  if (overtaken) {
    const migrations = await ports.releases.migrations(at.place, at.releaseId);
    return migrations
      .filter(({ state }) => state !== "Undone")
      .map(({ run }) => `\`${commandText(run)}\` stays: ${serves?.releaseId} was deployed on top of it`);
  }
  const { undone, stays } = await undoMigration(ports, context, { spec });
  tried.push(...undone, ...stays);
  return stays;
}

function triggered({ releaseId, version, place }: ReleaseAtHand, cause: RollbackCause) {
  const { reasons, code, by, kind } = cause;
  return {
    releaseId,
    version,
    environment: place.environment,
    reasons: copies(reasons),
    cause: kind,
    ...(code !== undefined && { code }),
    ...(by !== undefined && { by }),
  };
}

async function completed(
  ports: DeploymentOrchestratorPorts,
  context: AgentContext,
  { at, report }: { at: ReleaseAtHand; report: RollbackReport },
): Promise<AgentOutcome> {
  const { releaseId, version, place } = at;
  const { cause, restoration, codeOnly } = report;
  const { serves, servingAt, interrupted, restored } = restoration;
  // A recreated module was away although the bad release never had its traffic.
  const still = restored !== undefined || cause.kind !== "failure" ? "serves again" : "serves on";
  const now = serves === null ? "nothing serves, as before" : `${serves.version} ${still}`;
  const policy = await ports.policyOf(context, place.environment);
  const data = {
    releaseId,
    version,
    environment: place.environment,
    restored: serves?.version ?? null,
    restoredRelease: serves?.releaseId ?? null,
    cause: cause.kind,
    failedAt: cause.since,
    servingAt,
    recoveryMs: recoveryMs(report),
    interrupted,
    summary: now,
    codeOnly: codeOnly.length > 0,
    ...(codeOnly.length > 0 && { notUndone: codeOnly }),
    revert: cause.revert === true || policy.rollback.revertPullRequest,
    ...(cause.by !== undefined && { by: cause.by }),
  };
  const failure = { releaseId, version, environment: place.environment, recoverable: true };
  const emits: Emission[] = [
    { name: "RollbackCompleted", data },
    { name: "DeploymentFailed", data: { ...failure, reasons: copies(cause.reasons) } },
  ];
  return { status: "Success", summary: `${version} rolled back: ${now}`, emits };
}
