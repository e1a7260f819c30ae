/**
 * Makes a rollout of what was approved. The first attempt compares everything with the approval, looks again whether
 * what it depends on serves, and keeps what it dispatches; those after it apply the same, whatever the settings say by then.
 */
import type { Digests } from "../../../domain/event/event-catalogue.ts";
import type { Refusal } from "../../../domain/refusal.ts";
import { listOfSeats } from "../../../domain/release/approval-policy.ts";
import { readinessOf } from "../../../domain/release/trace-view.ts";
import { unreadyDependencies } from "../../../domain/release/unready-dependencies.ts";
import type { RolloutPlan } from "../../../domain/rollout/rollout-plan.ts";
import { type RolloutProgress, rolloutProgress } from "../../../domain/rollout/rollout-progress.ts";
import type { AgentContext } from "../../../ports/agent.ts";
import type { RecordedSpec } from "../../../ports/release-ledger.ts";
import { begunFreeze } from "../../freeze-evidence.ts";
import { digestDifferences } from "../check-dispatch.ts";
import type { DeploymentOrchestratorPorts } from "../ports.ts";
import { plannedSpec } from "../recorded-spec.ts";
import type { ReleaseAtHand } from "../release-at-hand.ts";
import { readSettings, revealSpec } from "../release-environment.ts";
import { targetOf } from "../target-of.ts";
import { gatesAgain, type Kept } from "./gates-again.ts";
import { LeaseLost } from "./hold-lease.ts";
import type { Rollout } from "./rollout.ts";

export interface Dispatched {
  rollout: Rollout;
  progress: RolloutProgress;
  startedAt: Date;
}

interface Approved {
  at: ReleaseAtHand;
  plan: RolloutPlan;
  approved: Digests;
  signal: AbortSignal;
}

export async function dispatch(
  ports: DeploymentOrchestratorPorts,
  context: AgentContext,
  given: Approved,
): Promise<Dispatched | Kept> {
  const { at, plan, signal } = given;
  const { place, releaseId } = at;
  const { invocationId } = context.invocation;
  const known = await ports.releases.dispatched(place, { releaseId, invocationId });
  const first = known ?? (await firstDispatch(ports, context, given));
  if ("differences" in first || "unanswered" in first) return first;
  const [{ spec, redact }, previous, events] = await Promise.all([
    revealSpec(ports.settings, place, first),
    servingBeside(ports, at),
    known === undefined ? { progress: [], started: [] } : eventsOf(context),
  ]);
  const startedAt = new Date(events.started[0]?.time ?? context.now());
  if (events.progress.length > 0) await expectNoOther(ports, at, startedAt);
  if (previous !== undefined && previous.releaseId !== plan.rollback.to?.releaseId)
    context.progress(`${previous.version} (${previous.releaseId}) serves since this was planned`);
  const target = targetOf(ports, first);
  await target.keepLogs(first.namespace, await ports.logLimitsOf(place.tenantId, place.environment));
  return {
    rollout: { ports, context, at, plan, recorded: first, spec, redact, target, previous, signal },
    progress: rolloutProgress(events.progress),
    startedAt,
  };
}

/** The settings are read once: what is compared with the approval is exactly what will be applied. */
async function firstDispatch(
  ports: DeploymentOrchestratorPorts,
  context: AgentContext,
  { at, approved }: Approved,
): Promise<RecordedSpec | Kept> {
  const { place, releaseId, version } = at;
  const settings = await readSettings(ports.settings, place);
  const [current, spec] = await Promise.all([
    ports.currentDigests(context, settings),
    plannedSpec(ports.settings, context, place, settings),
  ]);
  const differences = [
    ...(await digestDifferences(context, approved, current)),
    ...(await lostQuorum(ports, context, { at, approved })),
    ...(await lostDependencies(ports, context, at)),
    ...(await frozenSince(ports, context, { at, approved })),
  ];
  if (differences.length > 0) return { differences };
  const kept = await gatesAgain(ports, context, { at, approved });
  if (kept !== undefined) return kept;
  const { invocationId } = context.invocation;
  const { artifact } = spec;
  const data = { releaseId, version, environment: place.environment, artifact, invocation: invocationId };
  await context.announce("DeploymentStarted", data);
  return await ports.releases.dispatch(place, { invocationId, spec });
}

/** The votes are counted once more, as of the verdict: whoever wrote that verdict, people gave it. */
async function lostQuorum(
  { countVotes }: DeploymentOrchestratorPorts,
  context: AgentContext,
  { at: { place, releaseId }, approved }: Pick<Approved, "at" | "approved">,
): Promise<Refusal[]> {
  const { environment } = place;
  const verdict = (await context.events("ReleaseApproved")).find(({ data }) => data.releaseId === releaseId);
  const now = verdict?.time ?? context.now().toISOString();
  const { policy, quorum } = await countVotes(context, { environment, releaseId, digests: approved, now });
  if (!policy.requiresApproval || quorum.met) return [];
  const lost = quorum.votes.filter(({ counts }) => !counts).map(({ by, note }) => `${by}: ${note}`);
  const why = lost.length === 0 ? "nobody has voted for it" : lost.join("; ");
  return [
    {
      code: "QuorumNotMet",
      message: `${releaseId} is not approved by those whom ${environment} asks for, ${listOfSeats(quorum.open)}: ${why}`,
      next: "The release is evaluated again, and asks people.",
    },
  ];
}

/** What it depends on served when it was approved, and may have been taken back since. */
async function lostDependencies(
  { traces }: DeploymentOrchestratorPorts,
  { handOver, invocation }: AgentContext,
  { place }: ReleaseAtHand,
): Promise<Refusal[]> {
  const { dependsOn = [] } = handOver.module;
  if (dependsOn.length === 0) return [];
  const { tenantId, environment } = place;
  const view = await traces.read({ tenantId, traceId: invocation.traceId, environment });
  const lost = unreadyDependencies(
    place,
    dependsOn.map((one) => readinessOf(view, one)),
  );
  return lost === undefined ? [] : [lost];
}

/** One may have begun after the verdict. A rollout that was dispatched before it finishes, or goes back. */
async function frozenSince(
  ports: DeploymentOrchestratorPorts,
  context: AgentContext,
  { at: { place, releaseId }, approved }: Pick<Approved, "at" | "approved">,
): Promise<Refusal[]> {
  const release = { environment: place.environment, releaseId, digests: approved };
  const refusal = await begunFreeze(ports, context, release);
  return refusal === undefined ? [] : [refusal];
}

async function servingBeside({ releases }: DeploymentOrchestratorPorts, { place, releaseId }: ReleaseAtHand) {
  const current = await releases.current(place);
  return current?.releaseId === releaseId ? await releases.lastKnownGood(place, releaseId) : current;
}

/** Throws LeaseLost where the place was another's while this rollout slept: what it measured was measured beside something else. */
async function expectNoOther(
  { releases }: DeploymentOrchestratorPorts,
  { place, releaseId }: ReleaseAtHand,
  startedAt: Date,
): Promise<void> {
  const moved = (await releases.history(place)).findLast(
    (fact) =>
      fact.releaseId !== releaseId &&
      ["Deployed", "Restored", "RolledBack", "Destroyed"].includes(fact.outcome) &&
      Date.parse(fact.at) > startedAt.getTime(),
  );
  if (moved === undefined) return;
  const { moduleId, environment } = place;
  throw new LeaseLost(
    `${releaseId} lost ${moduleId} in ${environment} while it waited: ${moved.releaseId} is ${moved.outcome} since ${moved.at}`,
  );
}

/** What this invocation announced in earlier attempts, oldest first. */
async function eventsOf(context: AgentContext) {
  const { invocationId } = context.invocation;
  const [progress, started] = await Promise.all([
    context.events("RolloutProgressed"),
    context.events("DeploymentStarted"),
  ]);
  const isOurs = ({ data }: { data: { invocation?: unknown } }) => data.invocation === invocationId;
  return { progress: progress.filter(isOurs).reverse(), started: started.filter(isOurs) };
}
