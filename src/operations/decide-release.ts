/**
 * A person decides on a release. The vote binds the digests that the person was shown; a vote that may not
 * be given is refused, recorded, and the release goes on waiting.
 */
import { digestOf } from "../domain/canonical-json.ts";
import type { JsonObject } from "../domain/json.ts";
import { type Refusal, RefusalError, refuse } from "../domain/refusal.ts";
import { refusalOfVoter } from "../domain/release/quorum.ts";
import type { Subject } from "../domain/scope.ts";
import { type PendingRelease, pendingOf } from "./list-pending.ts";
import { type Caller, type System, sourceOf } from "./system.ts";

export interface Decision {
  subject: Subject;
  releaseId: string;
  /** False where the same vote was there already. */
  counted: boolean;
  /** What happens next, one sentence. */
  note: string;
}

export interface DecisionInput {
  releaseId: string;
  comment: string;
}

export async function approveRelease(
  system: System,
  caller: Caller,
  input: DecisionInput,
): Promise<Decision> {
  const pending = await findPending(system, caller, input.releaseId);
  await requireVoter(system, caller, pending);
  requireJustification(pending, input.comment);
  const counted = await vote(system, caller, { pending, comment: input.comment, name: "ApprovalGranted" });
  const missing =
    pending.minApprovers - pending.granted.length - (pending.granted.includes(caller.person) ? 0 : 1);
  const note =
    missing > 0
      ? `${pending.releaseId} still needs ${missing} more approval${missing === 1 ? "" : "s"} by ${pending.roles.join(" or ")}.`
      : `${pending.releaseId} goes on to ${pending.environment}.`;
  return { subject: pending.subject, releaseId: pending.releaseId, counted, note };
}

export async function rejectRelease(system: System, caller: Caller, input: DecisionInput): Promise<Decision> {
  const pending = await findPending(system, caller, input.releaseId);
  await requireVoter(system, caller, pending);
  if (input.comment.trim().length === 0)
    throw refuse(
      "JustificationMissing",
      `${input.releaseId} cannot be rejected without a reason.`,
      "Say why: --comment '...'",
    );
  const counted = await vote(system, caller, { pending, comment: input.comment, name: "ApprovalRefused" });
  return {
    subject: pending.subject,
    releaseId: pending.releaseId,
    counted,
    note: `${pending.releaseId} is rejected.`,
  };
}

async function findPending(system: System, caller: Caller, releaseId: string): Promise<PendingRelease> {
  const subject = await system.store.findByRelease(caller.tenantId, releaseId);
  if (subject === undefined)
    throw refuse(
      "NotFound",
      `There is no release ${releaseId} in ${caller.tenantId}.`,
      "See what waits: studio pending",
    );
  const pending = (await pendingOf(system, caller, subject)).find(
    (candidate) => candidate.releaseId === releaseId,
  );
  if (pending !== undefined) return pending;
  throw refuse(
    "Conflict",
    `${releaseId} does not wait for a decision now.`,
    `See where it is: connectsoft explain ${subject.traceId}`,
  );
}

/** A vote by somebody who may not vote is evidence: it is recorded before it is refused. */
async function requireVoter(system: System, caller: Caller, pending: PendingRelease): Promise<void> {
  const { policy, sponsor } = pending;
  const tenant = await system.tenants.get(caller.tenantId);
  const refusal = refusalOfVoter({ tenant, policy, sponsor }, caller.person);
  if (refusal === undefined) return;
  await recordRefusal(system, caller, { pending, refusal });
  throw new RefusalError(refusal);
}

async function recordRefusal(
  system: System,
  caller: Caller,
  { pending, refusal }: { pending: PendingRelease; refusal: Refusal },
): Promise<void> {
  const { releaseId, subject, environment } = pending;
  const data: JsonObject = { releaseId, by: caller.person, code: refusal.code, message: refusal.message };
  await system.engine.append(subject, [
    { name: "ApprovalVoided", source: sourceOf(caller), environment, releaseId, data },
  ]);
}

/** A reason that only says that there is one is none. */
const shortestReason = 10;

function requireJustification(pending: PendingRelease, comment: string): void {
  if (!pending.policy.requireJustification || comment.trim().length >= shortestReason) return;
  throw refuse(
    "JustificationMissing",
    `${pending.environment} asks for a reason of at least ${shortestReason} characters with each approval; "${comment.trim()}" has ${comment.trim().length}.`,
    `Say why: studio approve-release ${pending.releaseId} --comment '...'`,
  );
}

/** The same person on the same digests votes once, however often the request arrives. */
async function vote(
  system: System,
  caller: Caller,
  {
    pending,
    comment,
    name,
  }: { pending: PendingRelease; comment: string; name: "ApprovalGranted" | "ApprovalRefused" },
): Promise<boolean> {
  const { releaseId, environment, subject, digests } = pending;
  const id = `${name}.${releaseId}.${caller.person}.${digestOf(digests).slice(7, 23)}`;
  const method = caller.method === "cli" ? "CLI" : caller.method === "studio" ? "Studio UI" : "API";
  const data: JsonObject = { releaseId, by: caller.person, method, comment, digests: { ...digests } };
  const draft = { id, name, source: sourceOf(caller), environment, releaseId, data };
  const { events } = await system.engine.append(subject, [draft]);
  return events.length > 0;
}
