/**
 * RollBack: gives the traffic back to what was known good, with the settings that it ran with, and ends the
 * bad release. Runtime, ledger and held version agree afterwards, or the rollback says that it failed. A
 * repeated attempt looks at who has the traffic and goes on from there.
 */
import { RefusalError, refuse } from "../../../domain/refusal.ts";
import type { AgentContext, AgentOutcome, Emission, Skill } from "../../../ports/agent.ts";
import type { LedgerEntry } from "../../../ports/release-ledger.ts";
import type { RunningRelease } from "../../../ports/target.ts";
import type { DeploymentOrchestratorPorts } from "../ports.ts";
import { plannedSpec } from "../recorded-spec.ts";
import { json, ledgerEntry, type Reason } from "../records.ts";
import { type ReleaseAtHand, releaseAtHand, whoMayAct } from "../release-at-hand.ts";
import { revealSpec } from "../release-environment.ts";
import { rollbackCause } from "../rollback-cause.ts";
import { tellOwner } from "../tell-owner.ts";

const defaultVerifyMs = 2_000;

export function createRollBack(ports: DeploymentOrchestratorPorts): Skill {
  return async function rollBack(context: AgentContext): Promise<AgentOutcome> {
    const at = await releaseAtHand(context);
    const cause = await rollbackCause(context, at);
    if (!cause.triggered) {
      const policy = await ports.policyOf(at.place.tenantId, at.place.environment);
      if (!policy.rollbackAllowed) return notAllowed(at, cause.reasons);
      await context.announce("RollbackTriggered", triggered(at, cause.reasons));
    }
    return await ports.releases.inTurn(at.place, context.signal, async () => {
      try {
        return completed(at, await restore(ports, context, at, cause.reasons), cause.reasons);
      } catch (error) {
        // What is away comes back: that is for another attempt, and for nobody to decide.
        if (!(error instanceof RefusalError) || error.refusal.code === "Unavailable") throw error;
        return failed(at, error);
      }
    });
  };
}

/** Returns what serves afterwards; null where nothing does. */
async function restore(
  ports: DeploymentOrchestratorPorts,
  context: AgentContext,
  at: ReleaseAtHand,
  reasons: Reason[],
): Promise<{ releaseId: string; version: string } | null> {
  const { target, releases } = ports;
  const { place, releaseId } = at;
  const startedAt = context.now();
  const recorded = (await releases.history(place)).findLast((fact) => fact.releaseId === releaseId);
  // A deployment that broke off before it recorded anything may have left its process behind.
  const badSpec = recorded?.spec ?? (await plannedSpec(ports.settings, context, place));
  const { namespace, moduleId } = badSpec;
  const good = await releases.lastKnownGood(place, releaseId);
  const serving = (await target.list({ namespace, moduleId })).find((release) => release.traffic);
  const moves = serving === undefined || serving.releaseId === releaseId;
  if (moves && good !== undefined) await giveBack(ports, context, good);
  await target.retire({ namespace, moduleId, releaseId });
  // A release that took over meanwhile keeps the traffic; the bad one only ends.
  const restored = moves ? (good ?? null) : { releaseId: serving.releaseId, version: serving.version };
  await releases.record(ledgerEntry(context, at, { spec: badSpec, outcome: "RolledBack", reasons }));
  if (moves && good !== undefined) {
    const { traceId: _trace, ...again } = good;
    const now = context.now().toISOString();
    const { invocationId, traceId } = context.invocation;
    await releases.record({ ...again, traceId, outcome: "Restored", reasons: [], at: now, invocationId });
  }
  if (moves && good !== undefined)
    await tellOwner(releases, context, { name: "ReleaseRestored", of: good, by: at });
  await holdVersion(ports, context, at, { restored, reasons });
  context.memory.write(
    "deployments",
    "RollbackSummary.json",
    json(summary(context, at, { startedAt, restored, reasons })),
  );
  return restored === null ? null : { releaseId: restored.releaseId, version: restored.version };
}

/** The known good release takes the traffic again; where it is gone, it is started as it was. */
async function giveBack(
  ports: DeploymentOrchestratorPorts,
  context: AgentContext,
  good: LedgerEntry,
): Promise<void> {
  const { target, settings } = ports;
  const { namespace, moduleId, releaseId } = good.spec;
  const { spec, redact } = await revealSpec(settings, good, good.spec);
  const expectState = (release: RunningRelease, ...states: RunningRelease["state"][]) => {
    if (states.includes(release.state)) return;
    const why = redact(release.reason ?? `it is ${release.state}`);
    throw refuse("RollbackImpossible", `${releaseId} (${good.version}) cannot take the traffic back: ${why}`);
  };
  const progress = (line: string) => context.progress(redact(line));
  expectState(await target.start(spec, { signal: context.signal, progress }), "ready", "serving");
  await target.route({ namespace, moduleId }, [{ releaseId, weight: 100 }]);
  progress(`traffic moved back to ${releaseId}`);
  const windowMs = ports.verifyMs ?? defaultVerifyMs;
  expectState(
    await target.verify({ namespace, moduleId, releaseId }, { windowMs }, context.signal),
    "serving",
  );
}

/** The same version cannot be good and held: a redeployment that failed for its settings holds nothing. */
async function holdVersion(
  { releases }: DeploymentOrchestratorPorts,
  context: AgentContext,
  { place, releaseId, version }: ReleaseAtHand,
  { restored, reasons }: { restored: { version: string } | null; reasons: Reason[] },
): Promise<void> {
  if (restored?.version === version) return;
  const reason = reasons.map(({ message }) => message).join("; ");
  await releases.hold(place, { version, releaseId, reason, at: context.now().toISOString() });
}

function summary(
  context: AgentContext,
  { place, releaseId, version }: ReleaseAtHand,
  rollback: { startedAt: Date; restored: { releaseId: string; version: string } | null; reasons: Reason[] },
) {
  const { restored, reasons } = rollback;
  const now = context.now();
  return {
    ...place,
    traceId: context.invocation.traceId,
    releaseId,
    version,
    rolledBackAt: now.toISOString(),
    durationMs: now.getTime() - rollback.startedAt.getTime(),
    restored: restored === null ? null : { releaseId: restored.releaseId, version: restored.version },
    reasons,
    attempts: context.invocation.retries + 1,
  };
}

function completed(
  at: ReleaseAtHand,
  restored: { releaseId: string; version: string } | null,
  reasons: Reason[],
): AgentOutcome {
  const { releaseId, version, place } = at;
  const base = { releaseId, environment: place.environment };
  const emits: Emission[] = [
    {
      name: "RollbackCompleted",
      data: { ...base, restored: restored?.version ?? null, restoredRelease: restored?.releaseId ?? null },
    },
    { name: "DeploymentFailed", data: { ...base, version, recoverable: true, reasons: copies(reasons) } },
  ];
  const now = restored === null ? "nothing serves, as before" : `${restored.version} serves`;
  return { status: "Success", summary: `${version} rolled back: ${now}`, emits };
}

function failed({ releaseId, place }: ReleaseAtHand, { refusal }: RefusalError): AgentOutcome {
  const reasons = [{ code: refusal.code, message: refusal.message }];
  const what = `the rollback of ${releaseId} in ${place.environment} failed`;
  const next = "Look at what serves: connectsoft status; then deploy a release that works.";
  const data = { releaseId, environment: place.environment, reasons };
  return {
    status: "Failed",
    retryable: false,
    refusal: { ...refusal, next: refusal.next ?? next },
    emits: [
      { name: "RollbackFailed", data },
      { name: "EscalationRaised", data: { what, who: whoMayAct, next, reasons } },
    ],
  };
}

function notAllowed({ releaseId, place }: ReleaseAtHand, reasons: Reason[]): AgentOutcome {
  const what = `policy does not allow a rollback of ${releaseId} in ${place.environment}`;
  const next = "Deploy a new release that mends it, or have the policy changed.";
  return {
    status: "Failed",
    retryable: false,
    refusal: { code: "RollbackNotAllowed", message: what, next },
    emits: [{ name: "EscalationRaised", data: { what, who: whoMayAct, next, reasons: copies(reasons) } }],
  };
}

function triggered({ releaseId, version, place }: ReleaseAtHand, reasons: Reason[]) {
  return { releaseId, version, environment: place.environment, reasons: copies(reasons) };
}

function copies(reasons: Reason[]): { code: string; message: string }[] {
  return reasons.map(({ code, message }) => ({ code, message }));
}
