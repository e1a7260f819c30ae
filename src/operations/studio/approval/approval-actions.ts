/** What a person may do about a release now, and why the rest is closed to them. */
import type { Action } from "../../../domain/access/actions.ts";
import type { EventName } from "../../../domain/event/event-catalogue.ts";
import { RefusalError } from "../../../domain/refusal.ts";
import { mayDo, needless, type Possibility } from "../../access/may-do.ts";
import { accepts, requireAccepted } from "../../act-on-release.ts";
import { mayVote } from "../../decisions/may-vote.ts";
import type { FoundRelease } from "../../find-delivery.ts";
import { freezePossibilities } from "../../freezes/freeze-possibilities.ts";
import type { PendingRelease } from "../../list-pending.ts";
import { isOwnChange } from "../../own-change.ts";
import type { Caller, System } from "../../system.ts";
import { overrideCvePossibility } from "./override-actions.ts";
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
  const { releaseId, environment, record, events } = release;
  const own = await isOwnChange(system, record, { person: caller.person, chain: events });
  const place = { releaseId, environment, ...record.subject };
  const vote = async (action: "approve" | "reject" | "request-changes"): Promise<Possibility> =>
    pending === null ? notAsked(releaseId) : mayVote(system, caller, { pending, action });
  const act = async (action: Action, event: EventName, done: string): Promise<Possibility> => {
    const allowed = await mayDo(system, caller, { action, ...place, ...(action === "hotfix" && { own }) });
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
  const { ask: overrideFreeze, confirm: confirmFreezeOverride } = await freezePossibilities(
    system,
    caller,
    place,
  );
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
  return needless({ message: `${releaseId} does not wait for a decision now.` });
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
  if (found === undefined) return needless({ message: `A newer release took the place of ${releaseId}.` });
  if (accepts(system, found, event)) return { allowed: true };
  return refusalIn(() => requireAccepted(system, found, event, done));
}

function refusalIn(check: () => void): Possibility {
  try {
    check();
    return { allowed: true };
  } catch (error) {
    if (error instanceof RefusalError) return needless(error.refusal);
    throw error;
  }
}
