/** Whether a person may let a release pass the freezes that hold it, and why not; needless where none does. */
import { RefusalError } from "../../domain/refusal.ts";
import { mayDo, needless, type Possibility, refused } from "../access/may-do.ts";
import type { Caller, System } from "../system.ts";
import { type FrozenRelease, frozenRelease } from "./frozen-release.ts";
import { whyNoOverride } from "./why-no-override.ts";

export interface FreezePossibilities {
  /** Absent where no freeze holds it, or what it waits for is not told yet. */
  view?: FrozenRelease;
  /** For an override to be asked for. */
  ask: Possibility;
  /** To confirm the one that was asked for. */
  confirm: Possibility;
}

export async function freezePossibilities(
  system: System,
  caller: Caller,
  place: { releaseId: string; environment: string; tenantId: string },
): Promise<FreezePossibilities> {
  try {
    const { view } = await frozenRelease(system, caller, place.releaseId);
    const [mayAsk, mayConfirm, unnamed] = await Promise.all([
      mayDo(system, caller, { action: "override-freeze", ...place }),
      mayDo(system, caller, { action: "freeze", ...place }),
      whyNoOverride(system, caller, view),
    ]);
    const own = view.concerned.includes(caller.person)
      ? refused({ message: `${caller.person} handed the change over or wrote it.` })
      : undefined;
    const other = unnamed === undefined ? undefined : refused({ message: unnamed });
    return {
      view,
      ask: firstClosed([mayAsk, other, own]),
      confirm: firstClosed([whyNotConfirm(caller, place.releaseId, view.asked?.by), mayConfirm, own]),
    };
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    const nothing = needless(error.refusal);
    return { ask: nothing, confirm: nothing };
  }
}

function whyNotConfirm(
  { person }: Caller,
  releaseId: string,
  by: string | undefined,
): Possibility | undefined {
  if (by === undefined) return needless({ message: `Nobody has asked to override what holds ${releaseId}.` });
  return by === person
    ? refused({ message: `${person} asked for it, and a second person confirms.` })
    : undefined;
}

function firstClosed(possibilities: (Possibility | undefined)[]): Possibility {
  return possibilities.find((one) => one?.allowed === false) ?? { allowed: true };
}
