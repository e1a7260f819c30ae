/** The documents and facts that a deployment leaves behind. */
import { stringify } from "yaml";
import { withStage } from "../../domain/pipeline/pipeline-snapshot.ts";
import type { DeploymentOutcome } from "../../domain/rollout/deployment-facts.ts";
import type { RolloutPlan } from "../../domain/rollout/rollout-plan.ts";
import type { RolloutProgress } from "../../domain/rollout/rollout-progress.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { LedgerEntry, RecordedSpec } from "../../ports/release-ledger.ts";
import type { RunningRelease } from "../../ports/target.ts";
import type { ReleaseAtHand } from "./release-at-hand.ts";

export interface Reason {
  code: string;
  message: string;
}

export interface DeploymentReport {
  status: "done" | "failed";
  startedAt: Date;
  running: RunningRelease | undefined;
  plan: RolloutPlan;
  previous: LedgerEntry | undefined;
  reasons: Reason[];
  /** Step of the plan; absent where none failed. */
  failedStep?: string;
  progress: RolloutProgress;
}

export function ledgerEntry(
  context: AgentContext,
  { place, releaseId, version }: ReleaseAtHand,
  fact: { spec: RecordedSpec; outcome: DeploymentOutcome; reasons: Reason[] },
): LedgerEntry {
  const { traceId, invocationId } = context.invocation;
  return {
    ...place,
    releaseId,
    traceId,
    version,
    artifact: fact.spec.artifact,
    spec: fact.spec,
    outcome: fact.outcome,
    reasons: fact.reasons,
    at: context.now().toISOString(),
    durationMs: Math.max(0, context.now().getTime() - Date.parse(context.invocation.invokedAt)),
    retries: context.invocation.retries,
    invocationId,
  };
}

export function writeDeploymentRecords(
  context: AgentContext,
  at: ReleaseAtHand,
  report: DeploymentReport,
): void {
  const { memory } = context;
  memory.write("deployments", "DeploymentSummary.json", json(deploymentSummary(context, at, report)));
  memory.write("deployments", "RollbackMap.yaml", stringify(rollbackMap(at, report)));
}

/** The pipeline's last stage is ours: each environment says in the snapshot what became of it there. */
export async function appendDeployStage(
  context: AgentContext,
  { place, releaseId, version }: ReleaseAtHand,
  status: "Success" | "Failed",
): Promise<void> {
  const snapshot = await context.memory.read("pipelines", "PipelineSnapshot.yaml");
  if (snapshot === undefined) return;
  const deployed = { status, releaseId, version, at: context.now().toISOString() };
  const news = withStage(snapshot, "deploy", { status, [place.environment]: deployed });
  context.memory.write("pipelines", "PipelineSnapshot.yaml", news, "module");
}

export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function deploymentSummary(
  context: AgentContext,
  { place, releaseId, version }: ReleaseAtHand,
  report: DeploymentReport,
) {
  const { running, plan, previous, status, progress } = report;
  const now = context.now();
  const isDone = status === "done";
  return {
    releaseId,
    ...place,
    traceId: context.invocation.traceId,
    version,
    status: isDone ? "Success" : "Failed",
    deployedAt: isDone ? now.toISOString() : null,
    durationMs: now.getTime() - report.startedAt.getTime(),
    startupTimeMs: running?.startupTimeMs ?? null,
    restartCount: running?.restartCount ?? null,
    latencyMs: running?.healthStatus.find(({ probe }) => probe === "readiness")?.latencyMs ?? null,
    healthStatus: healthOf(running),
    instances: instancesOf(running),
    weight: running === undefined ? null : running.traffic ? (running.weight ?? 100) : 0,
    traffic: running?.measured ?? null,
    enforcement: running?.enforcement ?? [],
    attempts: progress.attempt,
    strategy: plan.strategy,
    target: plan.target,
    steps: progress.steps.map(({ step, index, attempt, durationMs }) => ({
      step,
      index,
      attempt,
      durationMs,
    })),
    checks: progress.steps.flatMap(({ step, attempt, durationMs, facts }) =>
      step === "check" ? [{ ...facts, attempt, durationMs }] : [],
    ),
    revision: plan.artifact,
    url: running?.url ?? null,
    previous: previous === undefined ? null : { releaseId: previous.releaseId, version: previous.version },
    rollback: !isDone && plan.rollback.allowed ? plan.rollback.to : null,
    codeOnly: plan.rollback.codeOnly,
    reasons: report.reasons,
    ...(!isDone && { exit: running?.exit ?? null, logTail: running?.logTail ?? null }),
  };
}

/** By probe and instance. */
function healthOf(running: RunningRelease | undefined) {
  const instances = running?.instances ?? (running === undefined ? [] : [{ ...running, index: 0 }]);
  return instances.flatMap(({ index, healthStatus }) =>
    healthStatus.map((status) => ({ instance: index, ...status })),
  );
}

function instancesOf(running: RunningRelease | undefined) {
  return (running?.instances ?? []).map(({ index, state, startupTimeMs, restartCount, memoryBytes }) => ({
    instance: index,
    state,
    startupTimeMs: startupTimeMs ?? null,
    restartCount,
    memoryBytes: memoryBytes ?? null,
  }));
}

function rollbackMap({ place, version }: ReleaseAtHand, report: DeploymentReport) {
  const { previous, plan, status, progress } = report;
  return {
    module: place.moduleId,
    previousVersion: previous?.version ?? null,
    currentAttempt: version,
    lastKnownGood: status === "done" ? version : (previous?.version ?? null),
    strategy: plan.strategy,
    retryCount: progress.attempt - 1,
    rollbackAllowed: plan.rollback.allowed,
    rollbackMode: plan.rollback.mode,
    codeOnly: plan.rollback.codeOnly,
  };
}
