/** Confirms, as a second person, that a release passes the freezes that hold it, exactly as it was asked for. */
import { z } from "zod";
import { digestsSchema } from "../../domain/event/event-catalogue.ts";
import { weaknessOf } from "../../domain/freeze/freeze-override.ts";
import { refuse } from "../../domain/refusal.ts";
import { alternatives, momentText } from "../../domain/time-text.ts";
import { accepts } from "../act-on-release.ts";
import { permit } from "../permit.ts";
import type { Caller, System } from "../system.ts";
import { type FrozenRelease, frozenRelease, frozenReleaseInput } from "./frozen-release.ts";
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

export const confirmFreezeOverrideInput = frozenReleaseInput.extend({
  /** The request that the second person was shown; another one that took its place is not confirmed with it. */
  shown: z.object({ by: z.string().max(64), expiresAt: z.iso.datetime(), digests: digestsSchema }).optional(),
});

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

function whoConfirms({ asked, mayConfirm }: FrozenRelease): string {
  const others = mayConfirm.filter((person) => person !== asked?.by);
  return `A ReleaseManager who did not ask for it confirms${others.length === 0 ? "" : `: ${alternatives(others)}`}. Or wait: ${orWait}`;
}
