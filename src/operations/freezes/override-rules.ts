/** What asking for an override of a freeze and confirming it have in common: who is refused, what was shown, what is written. */
import type { Digests } from "../../domain/event/event-catalogue.ts";
import type { JsonObject } from "../../domain/json.ts";
import { type Refusal, RefusalError, refuse } from "../../domain/refusal.ts";
import { changedDigests } from "../../domain/release/quorum.ts";
import { whyOwn } from "../../domain/release/voters.ts";
import type { FoundRelease } from "../find-delivery.ts";
import { type Caller, type System, sourceOf } from "../system.ts";
import type { FrozenRelease } from "./frozen-release.ts";

export const orWait = "it goes on by itself when the freeze ends.";

export interface OverrideAnswer {
  releaseId: string;
  traceId: string;
  confirmed: boolean;
  /** ISO 8601. */
  expiresAt: string;
  /** What happened and what is next, one sentence. */
  note: string;
}

export interface Concerned {
  view: FrozenRelease;
  found: FoundRelease;
  /** Who may do it, for whoever may not. */
  next: string;
}

/** An attempt that is not allowed is told to those who could allow it; the release goes on waiting. */
export async function orEscalate(
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

export function notAllowed(why: string): RefusalError {
  return refuse("FreezeOverrideNotAllowed", why);
}

export function requireUnconcerned({ person }: Caller, view: FrozenRelease): void {
  const why = whyOwn({ ...view, authors: view.concerned }, person);
  if (why !== undefined) throw notAllowed(`${person} ${why} and cannot let it pass a freeze.`);
}

export function requireShown({ releaseId, digests }: FrozenRelease, shown: Digests | undefined): void {
  const changed = shown === undefined ? [] : changedDigests(shown, digests);
  if (changed.length === 0) return;
  throw refuse(
    "DigestMismatch",
    `${releaseId} is not what was shown any more: ${changed.join(", ")} changed.`,
    `Look at it again: studio override-freeze ${releaseId}`,
  );
}

export function placeOf({ environment, moduleId, traceId, releaseId }: FrozenRelease) {
  return { environment, moduleId, traceId, releaseId };
}

export async function append(
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
