/**
 * CorrectDrift: makes what runs what was approved again. It stands on the approval that the release was deployed
 * with, also in a freeze, and moves nothing to any other release. A repeated attempt looks again at what differs.
 */
import { compareWithApproved, type Difference } from "../../../domain/drift/compare-with-approved.ts";
import { RefusalError, refuse } from "../../../domain/refusal.ts";
import { rollbackRoles } from "../../../domain/release/roles.ts";
import type { AgentContext, AgentOutcome, Skill } from "../../../ports/agent.ts";
import type { LedgerEntry } from "../../../ports/release-ledger.ts";
import type { Target } from "../../../ports/target.ts";
import { approvedDigests } from "../check-dispatch.ts";
import type { DeploymentOrchestratorPorts } from "../ports.ts";
import { type ReleaseAtHand, releaseAtHand } from "../release-at-hand.ts";
import { revealSpec } from "../release-environment.ts";
import { targetOf } from "../target-of.ts";

const leaseMs = 120_000;
const defaultVerifyMs = 2_000;

export function createCorrectDrift(ports: DeploymentOrchestratorPorts): Skill {
  return async function correctDrift(context: AgentContext): Promise<AgentOutcome> {
    const at = await releaseAtHand(context);
    try {
      await approvedDigests(context, at.releaseId);
      return await ports.releases.inTurn(at.place, context.signal, () => correctInTurn(ports, context, at));
    } catch (error) {
      if (!(error instanceof RefusalError) || error.refusal.code === "Unavailable") throw error;
      return notCorrected(at, error);
    }
  };
}

async function correctInTurn(
  ports: DeploymentOrchestratorPorts,
  context: AgentContext,
  at: ReleaseAtHand,
): Promise<AgentOutcome> {
  const { releases } = ports;
  const { place, releaseId } = at;
  const { traceId, invocationId } = context.invocation;
  const entry = await releases.current(place);
  if (entry?.releaseId !== releaseId)
    return nothingToDo(`${releaseId} does not serve ${place.environment} any more`);
  const lease = await releases.reserve(place, { releaseId, traceId, invocationId }, { ttlMs: leaseMs });
  if (lease.invocationId !== invocationId) return nothingToDo(`${lease.releaseId} is being rolled out`);
  try {
    const target = targetOf(ports, entry.spec);
    const before = await differencesOf(target, entry);
    if (before.length === 0) return nothingToDo("nothing differs any more");
    await mend(ports, context, { entry, target, differences: before });
    const left = await differencesOf(target, entry);
    if (left.length > 0)
      throw refuse("Conflict", `After the correction: ${left.map(({ words }) => words).join(" ")}`);
    const differences = before.map((one) => ({ ...one }));
    const data = {
      releaseId,
      environment: place.environment,
      differences,
      standsOn: "the approval of its deployment",
    };
    const summary = `${before.length === 1 ? "one difference" : `${before.length} differences`} corrected: ${entry.version} serves as it was approved`;
    return { status: "Success", summary, emits: [{ name: "DriftCorrected", data }] };
  } finally {
    await releases.release(place, invocationId);
  }
}

async function differencesOf(
  target: Target,
  { spec, releaseId, version, artifact }: LedgerEntry,
): Promise<Difference[]> {
  const observed = await target.observe({ namespace: spec.namespace, moduleId: spec.moduleId });
  return compareWithApproved({ releaseId, version, artifact, replicas: spec.replicas ?? 1 }, observed);
}

/** What must begin anew is away for as long as it takes to start; all the rest goes on serving. */
const needsRestart = new Set<Difference["kind"]>(["artifact", "configuration", "command"]);

async function mend(
  ports: DeploymentOrchestratorPorts,
  context: AgentContext,
  { entry, target, differences }: { entry: LedgerEntry; target: Target; differences: Difference[] },
): Promise<void> {
  const { namespace, moduleId, releaseId } = entry.spec;
  const { spec, redact } = await revealSpec(ports.settings, entry, entry.spec);
  const progress = (line: string) => context.progress(redact(line));
  const watch = { signal: context.signal, progress };
  if (differences.some(({ kind }) => kind === "artifact")) {
    await ports.artifacts.restore(entry.artifact);
    progress(`the approved files of ${releaseId} are back`);
  }
  if (differences.some(({ kind }) => needsRestart.has(kind))) {
    progress(`${releaseId} is started again with what it was deployed with`);
    await target.retire({ namespace, moduleId, releaseId });
  }
  const started = await target.start(spec, watch, spec.replicas ?? 1);
  const expectState = (found: typeof started, ...states: (typeof started.state)[]) => {
    if (states.includes(found.state)) return;
    throw refuse("Conflict", `${releaseId} cannot serve: ${redact(found.reason ?? `it is ${found.state}`)}`);
  };
  expectState(started, "ready", "serving");
  await target.route({ namespace, moduleId }, [{ releaseId, weight: 100 }]);
  for (const other of differences.filter(({ kind }) => kind === "unknown-release"))
    await target.retire({ namespace, moduleId, releaseId: other.releaseId });
  const windowMs = ports.verifyMs ?? defaultVerifyMs;
  expectState(
    await target.verify({ namespace, moduleId, releaseId }, { windowMs }, context.signal),
    "serving",
  );
}

function nothingToDo(summary: string): AgentOutcome {
  return { status: "Success", summary: `nothing corrected: ${summary}`, emits: [] };
}

function notCorrected({ releaseId, place }: ReleaseAtHand, { refusal }: RefusalError): AgentOutcome {
  const what = `the drift of ${place.moduleId} (${releaseId}) in ${place.environment} could not be corrected: ${refusal.message}`;
  const next = `${refusal.next ?? "See what differs: connectsoft drift."} Or deliver it again: connectsoft deliver <folder>.`;
  const reasons = [{ code: refusal.code, message: refusal.message }];
  return {
    status: "Failed",
    retryable: false,
    refusal,
    emits: [{ name: "EscalationRaised", data: { what, who: [...rollbackRoles], next, reasons } }],
  };
}
