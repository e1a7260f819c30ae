/** What a person may do about a release now, and why the rest is closed to them. */
import type { Action } from "../../../domain/access/actions.ts";
import type { EventName } from "../../../domain/event/event-catalogue.ts";
import { RefusalError } from "../../../domain/refusal.ts";
import { sponsorsOf } from "../../../domain/release/authors.ts";
import { effectivePolicy, policyAsked } from "../../../domain/release/effective-policy.ts";
import { mayDo, type Possibility, refused } from "../../access/may-do.ts";
import { accepts, requireAccepted } from "../../act-on-release.ts";
import { mayVote } from "../../decisions/may-vote.ts";
import type { FoundRelease } from "../../find-delivery.ts";
import { frozenRelease } from "../../freezes/frozen-release.ts";
import type { PendingRelease } from "../../list-pending.ts";
import type { Caller, System } from "../../system.ts";
import type { ReleaseAtHand } from "./release-at-hand.ts";

export interface ApprovalActions {
  approve: Possibility;
  reject: Possibility;
  requestChanges: Possibility;
  comment: Possibility;
  delay: Possibility;
  escalate: Possibility;
  overrideFreeze: Possibility;
  /** As the second person. */
  confirmFreezeOverride: Possibility;
  overrideCve: Possibility;
  hotfix: Possibility;
  revoke: Possibility;
  rollback: Possibility;
}

export async function approvalActions(
  system: System,
  caller: Caller,
  { release, pending }: { release: ReleaseAtHand; pending: PendingRelease | null },
): Promise<ApprovalActions> {
  const found = foundOf(release);
  const { releaseId, environment, record } = release;
  const place = { releaseId, environment, ...record.subject };
  const vote = async (action: "approve" | "reject" | "request-changes"): Promise<Possibility> =>
    pending === null ? notAsked(releaseId) : mayVote(system, caller, { pending, action });
  const act = async (action: Action, event: EventName, done: string): Promise<Possibility> => {
    const allowed = await mayDo(system, caller, { action, ...place });
    return allowed.allowed ? takes(system, found, { releaseId, event, done }) : allowed;
  };
  const always = (action: Action) => mayDo(system, caller, { action, ...place });
  const [approve, reject, requestChanges, comment, delay, hotfix, revoke, rollback] = await Promise.all([
    vote("approve"),
    vote("reject"),
    vote("request-changes"),
    always("comment"),
    act("delay", "RetryDelayed", "put off"),
    act("hotfix", "HotfixApproved", "taken as a hotfix"),
    act("revoke", "ReleaseRevoked", "revoked"),
    act("rollback", "RollbackRequested", "rolled back"),
  ]);
  const escalate = pending === null ? notAsked(releaseId) : await always("escalate");
  const [overrideFreeze, confirmFreezeOverride] = await freezePossibilities(system, caller, place);
  return {
    approve,
    reject,
    requestChanges,
    comment,
    delay,
    escalate,
    overrideFreeze,
    confirmFreezeOverride,
    overrideCve: await overrideCvePossibility(system, caller, release),
    hotfix,
    revoke,
    rollback,
  };
}

function notAsked(releaseId: string): Possibility {
  return refused({ message: `${releaseId} does not wait for a decision now.` });
}

/** Undefined where a newer release of the delivery took its place. */
function foundOf({ record, environment, releaseId }: ReleaseAtHand): FoundRelease | undefined {
  const instance = record.state.instances[environment];
  if (instance === undefined || instance.releaseId !== releaseId) return undefined;
  return { record, instance: { ...instance, environment, releaseId } };
}

function takes(
  system: System,
  found: FoundRelease | undefined,
  { releaseId, event, done }: { releaseId: string; event: EventName; done: string },
): Possibility {
  if (found === undefined) return refused({ message: `A newer release took the place of ${releaseId}.` });
  if (accepts(system, found, event)) return { allowed: true };
  return refusalIn(() => requireAccepted(system, found, event, done));
}

function refusalIn(check: () => void): Possibility {
  try {
    check();
    return { allowed: true };
  } catch (error) {
    if (error instanceof RefusalError) return refused(error.refusal);
    throw error;
  }
}

/** To ask for an override, and to confirm the one that was asked for. */
async function freezePossibilities(
  system: System,
  caller: Caller,
  place: { releaseId: string; environment: string; tenantId: string },
): Promise<[Possibility, Possibility]> {
  try {
    const { view } = await frozenRelease(system, caller, place.releaseId);
    const [mayAsk, mayConfirm] = await Promise.all([
      mayDo(system, caller, { action: "override-freeze", ...place }),
      mayDo(system, caller, { action: "freeze", ...place }),
    ]);
    const own = view.concerned.includes(caller.person)
      ? refused({ message: `${caller.person} handed the change over or wrote it.` })
      : undefined;
    const nobody =
      view.mayOverride.length === 0
        ? refused({ message: `Nobody may override ${view.reasons}.` })
        : undefined;
    return [
      firstClosed([mayAsk, nobody, own]),
      firstClosed([whyNotConfirm(caller, place.releaseId, view.asked?.by), mayConfirm, own]),
    ];
  } catch (error) {
    if (error instanceof RefusalError) return [refused(error.refusal), refused(error.refusal)];
    throw error;
  }
}

function whyNotConfirm(
  { person }: Caller,
  releaseId: string,
  by: string | undefined,
): Possibility | undefined {
  if (by === undefined) return refused({ message: `Nobody has asked to override what holds ${releaseId}.` });
  return by === person
    ? refused({ message: `${person} asked for it, and a second person confirms.` })
    : undefined;
}

function firstClosed(possibilities: (Possibility | undefined)[]): Possibility {
  return possibilities.find((one) => one?.allowed === false) ?? { allowed: true };
}

async function overrideCvePossibility(
  system: System,
  caller: Caller,
  { record, environment, releaseId }: ReleaseAtHand,
): Promise<Possibility> {
  const { subject, handOver } = record;
  const own = sponsorsOf(handOver).includes(caller.person);
  const allowed = await mayDo(system, caller, {
    action: "override-cve",
    ...subject,
    environment,
    releaseId,
    own,
  });
  if (!allowed.allowed || !own || handOver === undefined) return allowed;
  const tenant = await system.tenants.get(subject.tenantId);
  return effectivePolicy(tenant, policyAsked({ subject, handOver }, environment)).selfApproval
    ? allowed
    : refused({
        message: `${caller.person} handed this change over; another SecurityReviewer overrides it.`,
      });
}
