/**
 * Lets one release pass the freezes that hold it, as it is now and for a while. A person with role and claim asks, a
 * Release Manager confirms. Whoever may not is refused, the attempt is recorded, and the release stays held.
 */
import { z } from "zod";
import { type Digests, digestsSchema } from "../../domain/event/event-catalogue.ts";
import { parseDuration } from "../../domain/flow/duration.ts";
import { weaknessOf } from "../../domain/freeze/freeze-override.ts";
import type { JsonObject } from "../../domain/json.ts";
import { type Refusal, RefusalError, refuse } from "../../domain/refusal.ts";
import { emptinessOf, tooShort } from "../../domain/release/justification.ts";
import { changedDigests } from "../../domain/release/quorum.ts";
import { whyOwn } from "../../domain/release/voters.ts";
import { releaseNumber } from "../../domain/scope.ts";
import { alternatives, momentText } from "../../domain/time-text.ts";
import { accepts } from "../act-on-release.ts";
import type { FoundRelease } from "../find-delivery.ts";
import { permit } from "../permit.ts";
import { type Caller, type System, sourceOf } from "../system.ts";
import { type FrozenRelease, frozenRelease } from "./frozen-release.ts";
import { whyNoOverride } from "./why-no-override.ts";

export const overrideFreezeInput = z.object({
  releaseId: releaseNumber,
  reason: z.string().trim().max(2_000),
  /** How long it holds from now on. */
  expires: z
    .string()
    .regex(/^[1-9]\d{0,5}(s|m|h|d)$/, "expected a duration such as 30m or 2h")
    .default("2h"),
  /** What the person was shown; refused where it is not what is there now. */
  digests: digestsSchema.optional(),
});
export const frozenReleaseInput = z.object({ releaseId: releaseNumber });
export const confirmFreezeOverrideInput = frozenReleaseInput.extend({
  /** The request that the second person was shown; another one that took its place is not confirmed with it. */
  shown: z.object({ by: z.string().max(64), expiresAt: z.iso.datetime(), digests: digestsSchema }).optional(),
});

export interface OverrideAnswer {
  releaseId: string;
  traceId: string;
  confirmed: boolean;
  /** ISO 8601. */
  expiresAt: string;
  /** What happened and what is next, one sentence. */
  note: string;
}

export async function showFrozenRelease(
  system: System,
  caller: Caller,
  { releaseId }: z.output<typeof frozenReleaseInput>,
): Promise<FrozenRelease> {
  return (await frozenRelease(system, caller, releaseId)).view;
}

export async function overrideFreeze(
  system: System,
  caller: Caller,
  { releaseId, reason, expires, digests }: z.output<typeof overrideFreezeInput>,
): Promise<OverrideAnswer> {
  const { view, found, latest } = await frozenRelease(system, caller, releaseId);
  await orEscalate(system, caller, { view, found, next: whoAsks(view) }, async () => {
    await permit(system, caller, { action: "override-freeze", ...placeOf(view) });
    const why = await whyNoOverride(system, caller, view);
    if (why !== undefined) throw notAllowed(why);
    requireUnconcerned(caller, view);
  });
  requireShown(view, digests);
  requireReason(view, reason);
  const ms = parseDuration(expires) ?? 0;
  if (ms > view.limits.longestMs)
    throw refuse(
      "InputInvalid",
      `expires: an override in ${view.environment} holds ${view.limits.longest} at most, and ${expires} was asked for.`,
      `Such as: studio override-freeze ${releaseId} --expires ${view.limits.longest} --reason "..."`,
    );
  const expiresAt = new Date(latest.getTime() + ms).toISOString();
  const freezes = view.standing.active.map(({ id }) => id);
  const data = { releaseId, by: caller.person, reason, freezes, digests: { ...view.digests }, expiresAt };
  await append(system, caller, found, [{ name: "FreezeOverrideRequested", data }]);
  const who = view.mayConfirm.filter((one) => one !== caller.person);
  return {
    releaseId,
    traceId: view.traceId,
    confirmed: false,
    expiresAt,
    note: `${releaseId} stays held until a ReleaseManager confirms (${who.join(", ") || "nobody holds that role yet"}): studio override-freeze ${releaseId} --confirm`,
  };
}

export async function confirmFreezeOverride(
  system: System,
  caller: Caller,
  { releaseId, shown }: z.output<typeof confirmFreezeOverrideInput>,
): Promise<OverrideAnswer> {
  const { view, found, latest } = await frozenRelease(system, caller, releaseId);
  const { asked, traceId } = view;
  if (asked === undefined)
    throw refuse(
      "Conflict",
      `Nobody has asked to override what holds ${releaseId}.`,
      `Ask first: studio override-freeze ${releaseId} --reason "..."`,
    );
  await orEscalate(system, caller, { view, found, next: whoConfirms(view) }, async () => {
    await permit(system, caller, { action: "freeze", ...placeOf(view) });
    if (caller.person === asked.by)
      throw notAllowed(
        `${caller.person} may not confirm what they asked for themselves: a second person does.`,
      );
    requireUnconcerned(caller, view);
  });
  requireShown(view, shown?.digests);
  if (shown !== undefined && (shown.by !== asked.by || shown.expiresAt !== asked.expiresAt))
    throw refuse(
      "DigestMismatch",
      `What was shown of ${releaseId} is not what waits for a second person any more: ${asked.by} asks to let it pass until ${momentText(asked.expiresAt)}.`,
      `Look at it again: studio override-freeze ${releaseId} --confirm`,
    );
  const weakness = weaknessOf(
    { ...asked, confirmedBy: caller.person },
    { active: view.standing.active, digests: view.digests, latest },
  );
  if (weakness !== undefined)
    throw refuse(
      "DigestMismatch",
      `What ${asked.by} asked for is not what would be let pass: ${weakness}.`,
      `Ask again: studio override-freeze ${releaseId} --reason "..."`,
    );
  const { by, reason, freezes, digests, expiresAt } = asked;
  const data = {
    releaseId,
    by,
    confirmedBy: caller.person,
    reason,
    freezes,
    digests: { ...digests },
    expiresAt,
  };
  const wakes = accepts(system, found, "RetryDelayed");
  await append(system, caller, found, [
    { name: "FreezeOverridden", data },
    ...(wakes
      ? [
          {
            name: "RetryDelayed" as const,
            data: { by: caller.person, reason: "the freeze is overridden", settings: true },
          },
        ]
      : []),
  ]);
  const note = `${releaseId} may pass ${view.reasons} until ${momentText(expiresAt)}.`;
  return { releaseId, traceId, confirmed: true, expiresAt, note };
}

function requireUnconcerned({ person }: Caller, view: FrozenRelease): void {
  const why = whyOwn({ ...view, authors: view.concerned }, person);
  if (why !== undefined) throw notAllowed(`${person} ${why} and cannot let it pass a freeze.`);
}

interface Concerned {
  view: FrozenRelease;
  found: FoundRelease;
  /** Who may do it, for whoever may not. */
  next: string;
}

/** An attempt that is not allowed is told to those who could allow it; the release goes on waiting. */
async function orEscalate(
  system: System,
  caller: Caller,
  { view, found, next }: Concerned,
  check: () => Promise<void>,
): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (!(error instanceof RefusalError) || error.refusal.code === "Unavailable") throw error;
    const { message } = error.refusal;
    const refusal: Refusal = { code: "FreezeOverrideNotAllowed", message, next };
    const who = view.mayOverride.length === 0 ? ["ReleaseManager"] : view.mayOverride;
    const what = `${view.releaseId} stays frozen ${view.end} (${view.reasons}): ${message}`;
    const reasons = [{ code: refusal.code, message }];
    const data = {
      what,
      who,
      next,
      by: caller.person,
      releaseId: view.releaseId,
      reasons,
      // It is held as it was, and by what.
      waits: true,
    };
    await append(system, caller, found, [{ name: "EscalationRaised", data }]);
    throw new RefusalError(refusal);
  }
}

const orWait = "it goes on by itself when the freeze ends.";

function whoAsks({ mayOverride }: FrozenRelease): string {
  return mayOverride.length === 0
    ? `Wait: ${orWait}`
    : `Ask a ${alternatives(mayOverride)} with the claim override.freeze; a ReleaseManager confirms it. Or wait: ${orWait}`;
}

function whoConfirms({ asked, mayConfirm }: FrozenRelease): string {
  const others = mayConfirm.filter((person) => person !== asked?.by);
  return `A ReleaseManager who did not ask for it confirms${others.length === 0 ? "" : `: ${alternatives(others)}`}. Or wait: ${orWait}`;
}

function notAllowed(why: string): RefusalError {
  return refuse("FreezeOverrideNotAllowed", why);
}

function requireShown({ releaseId, digests }: FrozenRelease, shown: Digests | undefined): void {
  const changed = shown === undefined ? [] : changedDigests(shown, digests);
  if (changed.length === 0) return;
  throw refuse(
    "DigestMismatch",
    `${releaseId} is not what was shown any more: ${changed.join(", ")} changed.`,
    `Look at it again: studio override-freeze ${releaseId}`,
  );
}

function requireReason({ releaseId, limits }: FrozenRelease, reason: string): void {
  const short = [...reason].length < limits.minReason;
  const problem = short ? tooShort(reason, limits.minReason) : emptinessOf(reason);
  if (problem === undefined) return;
  throw refuse(
    "JustificationMissing",
    `A freeze is overridden with a reason, and the one that was given ${problem}.`,
    `Say what cannot wait, and why: studio override-freeze ${releaseId} --reason "..."`,
  );
}

function placeOf({ environment, moduleId, traceId, releaseId }: FrozenRelease) {
  return { environment, moduleId, traceId, releaseId };
}

async function append(
  system: System,
  caller: Caller,
  { record, instance }: FoundRelease,
  facts: {
    name: "FreezeOverrideRequested" | "FreezeOverridden" | "EscalationRaised" | "RetryDelayed";
    data: JsonObject;
  }[],
): Promise<void> {
  const { environment, releaseId } = instance;
  const drafts = facts.map((fact) => ({ ...fact, source: sourceOf(caller), environment, releaseId }));
  await system.engine.append(record.subject, drafts);
}
