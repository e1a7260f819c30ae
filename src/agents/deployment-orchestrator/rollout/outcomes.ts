/** What DeployRelease answers, by how its rollout ended. */
import type { Refusal } from "../../../domain/refusal.ts";
import type { AgentContext, AgentOutcome, Emission } from "../../../ports/agent.ts";
import type { DeploymentReport, Reason } from "../records.ts";
import { type ReleaseAtHand, whoMayAct } from "../release-at-hand.ts";
import type { Kept } from "./gates-again.ts";
import type { StepEnd } from "./rollout.ts";

export function waits({ summary, until, wakeOn }: Extract<StepEnd, { kind: "waits" }>): AgentOutcome {
  return { status: "Delayed", summary, emits: [], wakeOn, until };
}

/** Nothing starts while a gate of the tenant's own says nothing; a block that comes meanwhile is looked at at once. */
export function waitsForGates({ unanswered, until }: Extract<Kept, { unanswered: unknown }>): AgentOutcome {
  const summary = unanswered.map(({ message }) => message).join(" ");
  return { status: "Delayed", summary, emits: [], wakeOn: ["PolicyBlocked", "RetryDelayed"], until };
}

export function completed(
  context: AgentContext,
  { releaseId, version, place }: ReleaseAtHand,
  report: DeploymentReport,
): AgentOutcome {
  const { running, previous, startedAt, plan, progress } = report;
  const warnings = progress.steps.flatMap(({ facts }) =>
    typeof facts.failure === "string" ? [facts.failure] : [],
  );
  const data = {
    releaseId,
    version,
    environment: place.environment,
    strategy: plan.strategy,
    attempts: progress.attempt,
    startupTimeMs: running?.startupTimeMs ?? null,
    restartCount: running?.restartCount ?? 0,
    durationMs: context.now().getTime() - startedAt.getTime(),
    ...(running?.url === undefined ? {} : { url: running.url }),
    replaced: previous === undefined ? null : { releaseId: previous.releaseId, traceId: previous.traceId },
    ...(warnings.length > 0 && { warnings }),
  };
  return {
    status: "Success",
    summary: `${version} serves ${place.environment} at ${running?.url}`,
    emits: [
      ...warnings.map((message) => unfinished({ releaseId, version, place }, message)),
      { name: "DeploymentCompleted", data },
    ],
  };
}

/** A migration after the traffic failed: the release is sound, so it stays, and a person finishes the work. */
function unfinished({ releaseId, version, place }: ReleaseAtHand, message: string): Emission {
  const data = {
    what: `${version} (${releaseId}) serves ${place.environment}, and its last step failed: ${message}`,
    who: whoMayAct,
    next: "Run that command by hand, or deliver a version that mends it. Nothing was rolled back.",
    reasons: [{ code: "MigrationFailed", message }],
  };
  return { name: "EscalationRaised", data };
}

export function failed(
  { releaseId, version, place }: ReleaseAtHand,
  { reasons, plan, progress, running, failedStep }: DeploymentReport,
): AgentOutcome {
  const message = reasons.map((reason) => reason.message).join("; ");
  const base = {
    releaseId,
    version,
    environment: place.environment,
    attempts: progress.attempt,
    ...(failedStep !== undefined && { step: failedStep }),
    reasons: copies(reasons),
  };
  if (plan.rollback.allowed && plan.rollback.mode === "automatic")
    return { status: "Success", summary: message, emits: [{ name: "RollbackTriggered", data: base }] };
  const why = plan.rollback.allowed
    ? "policy leaves the rollback to a person (rollback.mode: held)"
    : "policy does not allow a rollback";
  const what = `${version} (${releaseId}) failed in ${place.environment}, and ${why}: ${message}`;
  const now =
    running?.traffic === true
      ? `It still has ${running.weight ?? 100} % of the traffic.`
      : "It has no traffic; what served before serves on.";
  const back = plan.rollback.allowed
    ? `Roll back: studio request-rollback ${releaseId}; or deliver`
    : "Deliver";
  const next = `${now} ${back} a version that mends it: connectsoft deliver <folder>`;
  const data = { what, who: whoMayAct, next, reasons: copies(reasons) };
  return {
    status: "Failed",
    retryable: false,
    refusal: { code: "RollbackNotAllowed", message: what, next },
    emits: [
      { name: "DeploymentFailed", data: { ...base, recoverable: false } },
      { name: "EscalationRaised", data },
    ],
  };
}

/** Back to evaluation: what was approved is not what would be applied, or the place is another's now. */
export function sentBack({ releaseId, version, place }: ReleaseAtHand, reasons: Reason[]): AgentOutcome {
  const unique = [...new Map(reasons.map((reason) => [reason.message, { ...reason }])).values()];
  const data = { releaseId, version, environment: place.environment, reasons: unique };
  const summary = unique.map((reason) => reason.message).join("; ");
  return { status: "Success", summary, emits: [{ name: "ReleaseDelayed", data }] };
}

export function cannotDeploy({ releaseId }: ReleaseAtHand, refusal: Refusal): AgentOutcome {
  const next = "See why: connectsoft explain; then deploy a new release, or roll back by hand.";
  const data = { what: `${releaseId} cannot be deployed`, who: whoMayAct, next, reasons: copies([refusal]) };
  return { status: "Failed", refusal, retryable: false, emits: [{ name: "EscalationRaised", data }] };
}

function copies(reasons: Reason[]): { code: string; message: string }[] {
  return reasons.map(({ code, message }) => ({ code, message }));
}
