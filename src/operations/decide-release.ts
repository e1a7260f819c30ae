/**
 * A person decides on a release: approves it, rejects it, or says what is to be mended. The vote binds the digests
 * that the person was shown; one that may not be given is refused, recorded, and the release goes on waiting.
 */
import { z } from "zod";
import { digestsSchema } from "../domain/event/event-catalogue.ts";
import type { JsonObject } from "../domain/json.ts";
import { type Refusal, RefusalError, refuse } from "../domain/refusal.ts";
import { listOfSeats, type Seat } from "../domain/release/approval-policy.ts";
import { emptinessOf } from "../domain/release/justification.ts";
import { changedDigests, countQuorum, type Vote } from "../domain/release/quorum.ts";
import type { VoteDecision, VoteFacts } from "../domain/release/vote-statement.ts";
import { type Authority, authorityOf, refusalOfVoter } from "../domain/release/voters.ts";
import { releaseNumber, type Subject } from "../domain/scope.ts";
import { countText } from "../domain/time-text.ts";
import { castVote } from "./decisions/cast-vote.ts";
import { actingIn } from "./decisions/may-vote.ts";
import { type OpenRelease, openReleases } from "./decisions/open-releases.ts";
import { refusalOfWish } from "./permit.ts";
import { type Caller, type System, sourceOf } from "./system.ts";

/** A vote of a wrong role is recorded before it is refused, so the use case decides who may. */
export const decisionInput = z.object({
  releaseId: releaseNumber,
  comment: z.string().max(2_000).default(""),
  /** In whose name, where a role was delegated: a person's own roles come first. */
  onBehalfOf: z.string().max(64).optional(),
  /** What the person was shown; the decision is refused where it is not what is there now. */
  digests: digestsSchema.optional(),
  /** An SSH signature over the statement of the vote, and the time that it says. */
  signed: z.object({ at: z.iso.datetime(), value: z.string().max(4_096) }).optional(),
});
export type DecisionInput = z.input<typeof decisionInput>;

export interface Decision {
  subject: Subject;
  releaseId: string;
  /** False where the same vote was there already. */
  counted: boolean;
  /** What happens next, one sentence. */
  note: string;
}

export async function approveRelease(
  system: System,
  caller: Caller,
  input: DecisionInput,
): Promise<Decision> {
  const { open, given } = await decide(system, caller, { input, decision: "approved" });
  const { releaseId, subject } = open.place;
  const seats = seatsAfter(open, given);
  const note =
    seats.length > 0
      ? `${releaseId} still needs ${countText(seats.length, "more approval")}: ${listOfSeats(seats)}.`
      : noteOfApproved(open);
  return { subject, releaseId, counted: given !== undefined, note };
}

export async function rejectRelease(system: System, caller: Caller, input: DecisionInput): Promise<Decision> {
  const { open, given } = await decide(system, caller, { input, decision: "refused" });
  const { releaseId, subject } = open.place;
  return { subject, releaseId, counted: given !== undefined, note: `${releaseId} is rejected.` };
}

/** Ends the release: what it brings is handed over again when it is mended. */
export async function requestChanges(
  system: System,
  caller: Caller,
  input: DecisionInput,
): Promise<Decision> {
  const { open, given } = await decide(system, caller, { input, decision: "changes-requested" });
  const { releaseId, subject } = open.place;
  const note = `${releaseId} ends with what is to be mended; ${open.electorate.sponsor} hands ${subject.moduleId} over again.`;
  return { subject, releaseId, counted: given !== undefined, note };
}

/** What people have approved may be held all the same: by what was known when they were asked, or began since. */
function noteOfApproved({ place, request }: OpenRelease): string {
  const { releaseId, environment } = place;
  const reasons = (request.data.reasons ?? []) as unknown as Refusal[];
  const others = reasons.filter(({ code }) => code !== "QuorumNotMet").map(({ message }) => message);
  return others.length === 0
    ? `${releaseId} goes on to ${environment} where nothing else holds it.`
    : `${releaseId} has every approval. Something else held it when that was asked for: ${others.join(" ")}`;
}

/** What is missing with the vote that was just given. */
function seatsAfter({ electorate, digests, quorum }: OpenRelease, given: VoteFacts | undefined): Seat[] {
  if (given === undefined) return quorum.open;
  const vote: Vote = { ...given, id: "given", signature: { good: true, label: "" } };
  return countQuorum({ ...electorate, digests }, [...quorum.votes, vote]).open;
}

async function decide(
  system: System,
  caller: Caller,
  { input, decision }: { input: DecisionInput; decision: VoteDecision },
): Promise<{ open: OpenRelease; given: VoteFacts | undefined }> {
  const { comment = "", signed } = input;
  const open = await findOpen(system, caller, input.releaseId);
  const authority = await requireVoter(system, caller, { open, decision, input });
  try {
    requireReason(input, decision);
    requireShown(open, input);
    requireJustification(open, comment);
    return { open, given: await castVote(system, caller, { open, decision, authority, comment, signed }) };
  } catch (error) {
    if (error instanceof RefusalError) await recordRefusal(system, caller, { open, refusal: error.refusal });
    throw error;
  }
}

/** The release where it waits for a decision; refuses with NotFound or Conflict. */
export async function findOpen(system: System, caller: Caller, releaseId: string): Promise<OpenRelease> {
  const subject = await system.store.findByRelease(caller.tenantId, releaseId);
  if (subject === undefined)
    throw refuse(
      "NotFound",
      `There is no release ${releaseId} in ${caller.tenantId}.`,
      "See what waits: studio pending",
    );
  const open = (await openReleases(system, subject)).find((one) => one.place.releaseId === releaseId);
  if (open !== undefined) return open;
  throw refuse(
    "Conflict",
    `${releaseId} does not wait for a decision now.`,
    `See where it is: connectsoft explain ${subject.traceId}`,
  );
}

const actionOf = { approved: "approve", refused: "reject", "changes-requested": "request-changes" } as const;

/** A vote that may not be given is evidence: it is recorded before it is refused. */
async function requireVoter(
  system: System,
  caller: Caller,
  wish: { open: OpenRelease; decision: VoteDecision; input: DecisionInput },
): Promise<Authority> {
  const { open, decision, input } = wish;
  const { electorate, place } = open;
  const authority = authorityOf(electorate, caller.person, input.onBehalfOf);
  const refusal = refusalOfVoter(electorate, caller.person, input.onBehalfOf);
  if (refusal === undefined && authority !== undefined) {
    const acting = actingIn(caller, authority.roles, electorate.policy);
    const denied = await refusalOfWish(system, acting, {
      action: actionOf[decision],
      ...place,
      ...place.subject,
    });
    if (denied === undefined) return authority;
    await recordRefusal(system, caller, { open, refusal: denied });
    throw new RefusalError(denied);
  }
  const { person } = caller;
  const said = refusal ?? {
    code: "UnauthorizedApprover" as const,
    message: `${person} may not decide on it.`,
  };
  await recordRefusal(system, caller, { open, refusal: said });
  throw new RefusalError(said);
}

async function recordRefusal(
  system: System,
  caller: Caller,
  { open, refusal }: { open: OpenRelease; refusal: Refusal },
): Promise<void> {
  const { releaseId, subject, environment } = open.place;
  const data: JsonObject = { releaseId, by: caller.person, code: refusal.code, message: refusal.message };
  await system.engine.append(subject, [
    { name: "ApprovalVoided", source: sourceOf(caller), environment, releaseId, data },
  ]);
}

function requireShown({ place, digests }: OpenRelease, { digests: shown }: DecisionInput): void {
  const changed = shown === undefined ? [] : changedDigests(shown, digests);
  if (changed.length === 0) return;
  throw refuse(
    "DigestMismatch",
    `${place.releaseId} is not what was shown any more: ${changed.join(", ")} changed.`,
    "Look at it again: studio pending",
  );
}

function requireReason({ releaseId, comment = "" }: DecisionInput, decision: VoteDecision): void {
  if (decision === "approved" || comment.trim().length > 0) return;
  const what =
    decision === "refused"
      ? "cannot be rejected without a reason"
      : "ends with what is to be mended, and nothing was named";
  throw refuse("JustificationMissing", `${releaseId} ${what}.`, "Say why: --comment '...'");
}

function requireJustification({ place, electorate }: OpenRelease, comment: string): void {
  const emptiness = electorate.policy.requireJustification ? emptinessOf(comment) : undefined;
  if (emptiness === undefined) return;
  throw refuse(
    "JustificationMissing",
    `${place.environment} asks for a reason with each decision, and ${saidText(comment)} ${emptiness}.`,
    `Say why, so that a reader understands it: studio approve-release ${place.releaseId} --comment '...'`,
  );
}

function saidText(comment: string): string {
  const text = comment.trim().slice(0, 60);
  return text === "" ? "the comment" : JSON.stringify(text);
}
