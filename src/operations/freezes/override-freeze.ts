/**
 * Asks to let one release pass the freezes that hold it, as it is now and for a while. It takes a role and the claim, and a
 * Release Manager confirms. Whoever may not is refused, the attempt is recorded, and the release stays held.
 */
import { z } from "zod";
import { digestsSchema } from "../../domain/event/event-catalogue.ts";
import { parseDuration } from "../../domain/flow/duration.ts";
import { refuse } from "../../domain/refusal.ts";
import { emptinessOf, tooShort } from "../../domain/release/justification.ts";
import { releaseNumber } from "../../domain/scope.ts";
import { alternatives } from "../../domain/time-text.ts";
import { permit } from "../permit.ts";
import type { Caller, System } from "../system.ts";
import { type FrozenRelease, frozenRelease } from "./frozen-release.ts";
import {
  append,
  notAllowed,
  type OverrideAnswer,
  orEscalate,
  orWait,
  placeOf,
  requireShown,
  requireUnconcerned,
} from "./override-rules.ts";
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

function whoAsks({ mayOverride }: FrozenRelease): string {
  return mayOverride.length === 0
    ? `Wait: ${orWait}`
    : `Ask a ${alternatives(mayOverride)} with the claim override.freeze; a ReleaseManager confirms it. Or wait: ${orWait}`;
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
