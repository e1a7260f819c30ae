/** What a reader can do about a release that a freeze holds: let it pass, confirm that, lift the freeze, or ask who may. */
import { alternatives } from "../../domain/time-text.ts";
import { mayDo } from "../access/may-do.ts";
import type { Caller, System } from "../system.ts";
import { freezePossibilities } from "./freeze-possibilities.ts";
import type { FrozenRelease } from "./frozen-release.ts";

/** Undefined where none holds it any more. */
export async function adviseOnFreeze(
  system: System,
  caller: Caller,
  place: { tenantId: string; environment: string; releaseId: string },
): Promise<string | undefined> {
  const [{ view, ask, confirm }, lift] = await Promise.all([
    freezePossibilities(system, caller, place),
    mayDo(system, caller, { action: "policy", ...place }),
  ]);
  if (view === undefined) return undefined;
  const end = endText(view, lift.allowed);
  const { asked, mayConfirm, mayOverride, releaseId } = view;
  if (asked !== undefined)
    return confirm.allowed
      ? `${asked.by} asked to let it pass, which you may confirm: studio override-freeze ${releaseId} --confirm`
      : `${asked.by} asked to let it pass, which ${alternatives(mayConfirm) || "nobody yet"} may confirm. ${end}`;
  if (ask.allowed) return `${end} If it cannot wait: studio override-freeze ${releaseId} --reason "..."`;
  return mayOverride.length === 0
    ? `${end} Nobody may override it.`
    : `${end} If it cannot wait, ask a ${alternatives(mayOverride)} with the claim override.freeze.`;
}

function endText({ standing }: FrozenRelease, mayLift: boolean): string {
  if (standing.until !== undefined) return "It goes on by itself when the freeze ends.";
  const [first, ...others] = standing.active.filter(({ until }) => until === undefined).map(({ id }) => id);
  const how = mayLift ? ` (connectsoft freeze lift ${first} --reason "...")` : "";
  return `It goes on when ${[first, ...others].join(" and ")} is lifted${how}, or given an end in tenant.yaml.`;
}
