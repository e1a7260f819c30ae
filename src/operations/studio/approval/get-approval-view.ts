/** Everything of one decision on one screen: of a release that waits for people, or of one that was decided, to be read. */
import { parse } from "yaml";
import { z } from "zod";
import { cardOf } from "../../../domain/delivery/delivery-card.ts";
import { type ShownState, type StateWord, shownState } from "../../../domain/delivery/state-words.ts";
import { eventName } from "../../../domain/event/event.ts";
import { type Digests, digestsSchema } from "../../../domain/event/event-catalogue.ts";
import { artifactPath } from "../../../domain/memory/artifact-path.ts";
import { refuse } from "../../../domain/refusal.ts";
import { voteStatement } from "../../../domain/release/vote-statement.ts";
import { authoritiesOf } from "../../../domain/release/voters.ts";
import { releaseNumber, type Subject } from "../../../domain/scope.ts";
import type { Role } from "../../../domain/tenant/role.ts";
import { type TimelineEntry, tellEvent } from "../../../domain/timeline/tell-event.ts";
import { methodOf } from "../../decisions/cast-vote.ts";
import { afterwardsText, type GateLine } from "../../decisions/describe-decision.ts";
import { type OpenRelease, openReleasesOf } from "../../decisions/open-releases.ts";
import { fetchFlows } from "../../find-delivery.ts";
import { describe, type PendingRelease } from "../../list-pending.ts";
import type { Caller, System } from "../../system.ts";
import { type ApprovalActions, approvalActions } from "./approval-actions.ts";
import type { ReleaseAtHand, Summary } from "./release-at-hand.ts";
import { type ReleaseChanges, releaseChanges } from "./release-changes.ts";
import { type RiskFact, riskFacts } from "./risk-facts.ts";

export const approvalViewInput = z.object({
  releaseId: releaseNumber,
  /** In whose name the caller would vote. */
  onBehalfOf: z.string().max(64).optional(),
});

export interface ApprovalView {
  releaseId: string;
  subject: Subject;
  environment: string;
  version: string;
  sponsor: string;
  state: ShownState;
  /** Who is asked, and who has said what; null where it waits for nobody. */
  pending: PendingRelease | null;
  /** The newest verdict on it; null before the first. */
  verdict: TimelineEntry | null;
  /** As the newest verdict has them. */
  gates: GateLine[];
  changes: ReleaseChanges;
  /** What makes it more or less of a risk, most telling first. */
  risk: RiskFact[];
  /** What a vote binds; null before it was evaluated. */
  digests: Digests | null;
  /**
   * What a vote of the caller's signs, as canonical JSON; `comment` and `at` are empty, and are put in as they are given.
   * Absent where the caller has no vote.
   */
  statements?: { approve: string; reject: string; requestChanges: string };
  /** In whose names the caller may vote, their own first; empty where they have no vote. */
  names: VoterName[];
  /** What happens when it is approved, one sentence; absent where it was decided. */
  afterwards?: string;
  /** What was said and decided, in order. */
  history: TimelineEntry[];
  /** What the caller may do now. */
  actions: ApprovalActions;
}

/** A person votes as themselves, or in the name of somebody who delegated a role to them. */
export interface VoterName {
  /** Absent: the caller. */
  onBehalfOf?: string;
  roles: Role[];
}

export async function getApprovalView(
  system: System,
  caller: Caller,
  { releaseId, onBehalfOf }: z.output<typeof approvalViewInput>,
): Promise<ApprovalView> {
  const release = await findReleaseAtHand(system, caller, releaseId);
  const { record, environment, version, events, summary, digests } = release;
  const waiting = await openReleasesOf(system, record, events);
  const open = waiting.find(({ place }) => place.releaseId === releaseId);
  const pending = open === undefined ? null : describe(caller, open, onBehalfOf);
  const [changes, actions] = await Promise.all([
    releaseChanges(system, release),
    approvalActions(system, caller, { release, pending }),
  ]);
  const risk = await riskFacts(system, release, { changes, pending });
  const own = events.filter((event) => (event.releaseid ?? event.data.releaseId) === releaseId);
  const verdict = own.findLast((event) => verdicts.has(eventName(event)));
  const statements = pending?.mayApprove === true ? statementsOf(caller, pending) : undefined;
  return {
    releaseId,
    subject: record.subject,
    environment,
    version,
    sponsor: record.handOver?.sponsor ?? "",
    state: stateOf(release),
    pending,
    verdict: verdict === undefined ? null : tellEvent(verdict),
    gates: Array.isArray(summary?.gates) ? summary.gates : [],
    changes,
    risk,
    digests: digests ?? null,
    ...(statements !== undefined && { statements }),
    names: open === undefined ? [] : namesOf(open, caller),
    ...(pending !== null && { afterwards: afterwardsText(pending) }),
    history: own.map(tellEvent).filter(({ detail, name }) => !detail && !name.startsWith("Agent")),
    actions,
  };
}

const verdicts: ReadonlySet<string> = new Set([
  "ApprovalRequested",
  "ReleaseApproved",
  "ReleaseDelayed",
  "ReleaseRejected",
  "ReleaseRevoked",
]);

/** A release of the caller's tenant, also one that a newer one took the place of; refuses with NotFound. */
async function findReleaseAtHand(system: System, caller: Caller, releaseId: string): Promise<ReleaseAtHand> {
  const { tenantId } = caller;
  const subject = await system.store.findByRelease(tenantId, releaseId);
  const [record, events] =
    subject === undefined
      ? [undefined, []]
      : await Promise.all([system.store.load(subject), system.store.events(subject)]);
  const proposed = events.find(
    (event) => eventName(event) === "ReleaseProposed" && event.data.releaseId === releaseId,
  );
  if (record === undefined || proposed?.environment === undefined)
    throw refuse(
      "NotFound",
      `There is no release ${releaseId} in ${tenantId}.`,
      "See what waits: studio pending; what is there: connectsoft status",
    );
  await fetchFlows(system, record);
  const { environment } = proposed;
  const path = artifactPath(
    { ...record.subject, environment, releaseId },
    { kind: "releases", name: "ReleaseSummary.json" },
  );
  const written = await system.store.artifact({ tenantId, path });
  const bound = events.findLast(
    ({ data }) =>
      data.releaseId === releaseId && data.by === undefined && digestsSchema.safeParse(data.digests).success,
  );
  return {
    ...{ record, environment, releaseId, events },
    version: String(proposed.data.version),
    summary: written === undefined ? undefined : (parse(written.content) as Summary),
    digests: bound === undefined ? undefined : digestsSchema.parse(bound.data.digests),
  };
}

/** Of one that a newer release of the delivery took the place of, its own last word. */
function stateOf({ record, environment, releaseId, events }: ReleaseAtHand): ShownState {
  const here = cardOf(record).places.find((place) => place.environment === environment);
  if (here?.releaseId === releaseId) return shownState(here.state);
  const ends: Record<string, StateWord> = {
    ReleaseRejected: "rejected",
    ReleaseRevoked: "revoked",
    ReleaseReplaced: "replaced",
    RollbackCompleted: "rolled-back",
    DeploymentFailed: "rolled-back",
    DeploymentCompleted: "replaced",
  };
  const last = events.findLast(
    (event) =>
      (event.releaseid ?? event.data.releaseId) === releaseId && Object.hasOwn(ends, eventName(event)),
  );
  return shownState(last === undefined ? "replaced" : (ends[eventName(last)] ?? "replaced"));
}

function namesOf({ electorate }: OpenRelease, { person }: Caller): VoterName[] {
  return authoritiesOf(electorate, person).map(({ onBehalfOf, roles }) => ({
    ...(onBehalfOf !== undefined && { onBehalfOf }),
    roles,
  }));
}

function statementsOf(caller: Caller, pending: PendingRelease): ApprovalView["statements"] {
  const { subject, environment, releaseId, digests, you } = pending;
  const facts = {
    ...{ subject, environment, releaseId, digests },
    ...{ by: you.person, roles: you.roles, method: methodOf(caller), comment: "", at: "" },
    ...(you.onBehalfOf !== undefined && { onBehalfOf: you.onBehalfOf }),
  };
  return {
    approve: voteStatement({ ...facts, decision: "approved" }),
    reject: voteStatement({ ...facts, decision: "refused" }),
    requestChanges: voteStatement({ ...facts, decision: "changes-requested" }),
  };
}
