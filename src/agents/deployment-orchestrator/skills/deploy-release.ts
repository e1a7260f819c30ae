/**
 * DeployRelease: applies the approved bytes with the approved plan. What served serves until the new release
 * is ready, and runs on until it has proved itself under traffic. A repeated attempt finds what the earlier
 * one did: the process that it started, the traffic that it moved, the fact that it recorded.
 */
import { RefusalError } from "../../../domain/refusal.ts";
import type { AgentContext, AgentOutcome, Skill } from "../../../ports/agent.ts";
import type { RecordedSpec } from "../../../ports/release-ledger.ts";
import type { RunningRelease } from "../../../ports/target.ts";
import { approvedDigests, digestDifferences } from "../check-dispatch.ts";
import type { DeploymentOrchestratorPorts } from "../ports.ts";
import { plannedSpec, readRolloutPlan } from "../recorded-spec.ts";
import {
  appendDeployStage,
  type DeploymentReport,
  ledgerEntry,
  type Reason,
  writeDeploymentRecords,
} from "../records.ts";
import { type ReleaseAtHand, releaseAtHand, whoMayAct } from "../release-at-hand.ts";
import { redactRelease, revealSpec } from "../release-environment.ts";
import { targetOf } from "../target-of.ts";
import { tellOwner } from "../tell-owner.ts";

export function createDeployRelease(ports: DeploymentOrchestratorPorts): Skill {
  return async function deployRelease(context: AgentContext): Promise<AgentOutcome> {
    const at = await releaseAtHand(context);
    try {
      return await ports.releases.inTurn(at.place, context.signal, () => deploy(ports, context, at));
    } catch (error) {
      // What is away comes back: that is for another attempt, and for nobody to decide.
      if (!(error instanceof RefusalError) || error.refusal.code === "Unavailable") throw error;
      const data = escalation(`${at.releaseId} cannot be deployed`, [error.refusal]);
      return {
        status: "Failed",
        refusal: error.refusal,
        retryable: false,
        emits: [{ name: "EscalationRaised", data }],
      };
    }
  };
}

async function deploy(
  ports: DeploymentOrchestratorPorts,
  context: AgentContext,
  at: ReleaseAtHand,
): Promise<AgentOutcome> {
  const { releases } = ports;
  const { place, releaseId, version } = at;
  const approved = await approvedDigests(context, releaseId);
  const before = await ports.currentDigests(context);
  const plan = await readRolloutPlan(context);
  const spec = await plannedSpec(ports.settings, context, place);
  // Read around the settings: they were the approved ones before and after we took them.
  const after = await ports.currentDigests(context);
  const reasons = [
    ...(await digestDifferences(context, approved, before)),
    ...(await digestDifferences(context, approved, after)),
  ];
  if (reasons.length > 0) return delayed(at, reasons);

  const startedAt = context.now();
  const data = { releaseId, version, environment: place.environment, artifact: spec.artifact };
  await context.announce("DeploymentStarted", data);
  const known = await releases.current(place);
  const previous = known?.releaseId === releaseId ? await releases.lastKnownGood(place, releaseId) : known;
  const attempt = await apply(ports, context, { spec, verifyMs: plan.timeouts.verifyMs });
  const report = { startedAt, plan, previous, ...attempt };
  await releases.record(
    ledgerEntry(context, at, {
      spec,
      outcome: attempt.status === "Success" ? "Deployed" : "Failed",
      reasons: attempt.reasons,
    }),
  );
  if (attempt.status === "Success") {
    await retireOthers(ports, spec);
    if (previous !== undefined)
      await tellOwner(releases, context, { name: "ReleaseReplaced", of: previous, by: at });
  }
  writeDeploymentRecords(context, at, report);
  await appendDeployStage(context, at, attempt.status);
  return attempt.status === "Success" ? completed(context, at, report) : failed(at, report);
}

type Attempt = Pick<DeploymentReport, "status" | "running" | "reasons">;

/** Starts, switches and watches. Refusals of the target are reasons of failure; nothing is taken back here. */
async function apply(
  ports: DeploymentOrchestratorPorts,
  context: AgentContext,
  { spec: recorded, verifyMs }: { spec: RecordedSpec; verifyMs: number },
): Promise<Attempt> {
  const { settings } = ports;
  const target = targetOf(ports, recorded);
  const { namespace, moduleId, releaseId } = recorded;
  const { tenantId, environment = "" } = context.invocation;
  const { spec, redact } = await revealSpec(settings, { tenantId, environment, moduleId }, recorded);
  const failure = (code: string, running: RunningRelease): Attempt => {
    const redacted = redactRelease(running, redact);
    const why = redacted.reason ?? `it is ${running.state}`;
    const message = `${releaseId} of ${moduleId}: ${why}${lastWords(redacted.logTail)}`;
    return { status: "Failed", running: redacted, reasons: [{ code, message }] };
  };
  try {
    const { signal } = context;
    const progress = (line: string) => context.progress(redact(line));
    const started = await target.start(spec, { signal, progress });
    if (started.state !== "ready" && started.state !== "serving") return failure("NotReady", started);
    await target.route({ namespace, moduleId }, [{ releaseId, weight: 100 }]);
    progress(`traffic moved to ${releaseId}`);
    const verified = await target.verify({ namespace, moduleId, releaseId }, { windowMs: verifyMs }, signal);
    if (verified.state !== "serving") return failure("Unhealthy", verified);
    return { status: "Success", running: redactRelease(verified, redact), reasons: [] };
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    const { code, message } = error.refusal;
    return { status: "Failed", running: undefined, reasons: [{ code, message: redact(message) }] };
  }
}

const longestWords = 300;

/** The last line that it wrote: mostly it is the one that says why. */
function lastWords(logTail = ""): string {
  const line = logTail.trim().split("\n").at(-1)?.trim() ?? "";
  return line === "" ? "" : `; its last line: ${line.slice(0, longestWords)}`;
}

/** Also what a cancelled or superseded attempt may have left behind. */
async function retireOthers(ports: DeploymentOrchestratorPorts, spec: RecordedSpec): Promise<void> {
  const target = targetOf(ports, spec);
  for (const other of await target.list({ namespace: spec.namespace, moduleId: spec.moduleId })) {
    if (other.releaseId === spec.releaseId || other.traffic || other.pid === undefined) continue;
    await target.retire({ namespace: spec.namespace, moduleId: spec.moduleId, releaseId: other.releaseId });
  }
}

function completed(context: AgentContext, at: ReleaseAtHand, report: DeploymentReport): AgentOutcome {
  const { releaseId, version, place } = at;
  const { running, previous } = report;
  const data = {
    releaseId,
    version,
    environment: place.environment,
    startupTimeMs: running?.startupTimeMs ?? null,
    restartCount: running?.restartCount ?? 0,
    durationMs: context.now().getTime() - report.startedAt.getTime(),
    ...(running?.url === undefined ? {} : { url: running.url }),
    replaced: previous === undefined ? null : { releaseId: previous.releaseId, traceId: previous.traceId },
  };
  const summary = `${version} serves ${place.environment} at ${running?.url}`;
  return { status: "Success", summary, emits: [{ name: "DeploymentCompleted", data }] };
}

function failed(
  { releaseId, version, place }: ReleaseAtHand,
  { reasons, plan }: DeploymentReport,
): AgentOutcome {
  const message = reasons.map((reason) => reason.message).join("; ");
  const base = {
    releaseId,
    version,
    environment: place.environment,
    reasons: reasons.map((reason) => ({ ...reason })),
  };
  if (plan.rollback.allowed) {
    return { status: "Success", summary: message, emits: [{ name: "RollbackTriggered", data: base }] };
  }
  const what = `${releaseId} failed in ${place.environment} and policy does not allow a rollback`;
  return {
    status: "Failed",
    retryable: false,
    refusal: {
      code: "RollbackNotAllowed",
      message: `${what}: ${message}`,
      next: "Mend it and deploy a new release.",
    },
    emits: [
      { name: "DeploymentFailed", data: { ...base, recoverable: false } },
      { name: "EscalationRaised", data: escalation(what, reasons) },
    ],
  };
}

function delayed({ releaseId, version, place }: ReleaseAtHand, reasons: Reason[]): AgentOutcome {
  const unique = [...new Map(reasons.map((reason) => [reason.message, { ...reason }])).values()];
  const data = { releaseId, version, environment: place.environment, reasons: unique };
  const summary = unique.map((reason) => reason.message).join("; ");
  return { status: "Success", summary, emits: [{ name: "ReleaseDelayed", data }] };
}

function escalation(what: string, reasons: Reason[]) {
  const next = "See why: connectsoft explain; then deploy a new release, or roll back by hand.";
  return { what, who: whoMayAct, next, reasons: reasons.map(({ code, message }) => ({ code, message })) };
}
