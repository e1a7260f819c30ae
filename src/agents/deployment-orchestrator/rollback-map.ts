/** The documents that a rollback leaves behind: what it did, and what serves now. */
import { parse, stringify } from "yaml";
import type { AgentContext } from "../../ports/agent.ts";
import type { DeploymentOrchestratorPorts } from "./ports.ts";
import { json } from "./records.ts";
import type { ReleaseAtHand } from "./release-at-hand.ts";
import type { Restoration } from "./restore-known-good.ts";
import type { RollbackCause } from "./rollback-cause.ts";

export interface RollbackReport {
  cause: RollbackCause;
  restoration: Restoration;
  tried: string[];
  /** Steps of the release that stay done, such as a migration that cannot be undone; the rollback is of code alone. */
  codeOnly: string[];
}

export async function writeRollbackRecords(
  ports: Pick<DeploymentOrchestratorPorts, "policyOf">,
  context: AgentContext,
  { at, report }: { at: ReleaseAtHand; report: RollbackReport },
): Promise<void> {
  const { environment } = at.place;
  const { rollbackAllowed } = await ports.policyOf(context, environment);
  const planned = parsed(await context.memory.read("deployments", "RolloutPlan.yaml"));
  const { memory } = context;
  memory.write("deployments", "RollbackSummary.json", json(summary(context, at, report)));
  memory.write(
    "deployments",
    "RollbackMap.yaml",
    stringify(rollbackMap(context, at, { ...report, rollbackAllowed, strategy: planned.strategy })),
  );
}

/** How long it took from knowing that the release is bad to the known good one serving. */
export function recoveryMs({ cause, restoration }: Pick<RollbackReport, "cause" | "restoration">): number {
  return Math.max(0, Date.parse(restoration.servingAt) - Date.parse(cause.since));
}

function summary(
  context: AgentContext,
  { place, releaseId, version }: ReleaseAtHand,
  report: RollbackReport,
) {
  const { cause, restoration, tried, codeOnly } = report;
  const now = context.now();
  return {
    ...place,
    traceId: context.invocation.traceId,
    releaseId,
    version,
    rolledBackAt: now.toISOString(),
    failedAt: cause.since,
    servingAt: restoration.servingAt,
    recoveryMs: recoveryMs(report),
    durationMs: now.getTime() - Date.parse(context.invocation.invokedAt),
    cause: cause.kind,
    ...(cause.by !== undefined && { by: cause.by }),
    ...(cause.code !== undefined && { code: cause.code }),
    ...(cause.comment !== undefined && { comment: cause.comment }),
    restored: restoration.serves,
    kept: restoration.serves !== null && restoration.restored === undefined,
    reasons: cause.reasons,
    attempts: context.invocation.retries + 1,
    steps: tried,
    codeOnly: codeOnly.length > 0,
    notUndone: codeOnly,
  };
}

function rollbackMap(
  context: AgentContext,
  { place, version }: ReleaseAtHand,
  { restoration, codeOnly, ...planned }: RollbackReport & { rollbackAllowed: boolean; strategy: unknown },
) {
  const good = restoration.serves?.version ?? null;
  return {
    module: place.moduleId,
    previousVersion: good,
    currentAttempt: version,
    lastKnownGood: good,
    strategy: typeof planned.strategy === "string" ? planned.strategy : "blue-green",
    retryCount: context.invocation.retries,
    rollbackAllowed: planned.rollbackAllowed,
    codeOnly: codeOnly.length > 0,
    ...(codeOnly.length > 0 && { notUndone: codeOnly }),
  };
}

function parsed(text: string | undefined): { strategy?: unknown } {
  const value: unknown = text === undefined ? undefined : parse(text);
  return typeof value === "object" && value !== null ? value : {};
}
