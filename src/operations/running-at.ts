/** What the targets show of a module at a place, with traffic first. */
import type { Place } from "../ports/release-ledger.ts";
import type { RunningRelease } from "../ports/target.ts";
import type { System } from "./system.ts";

/** Empty where nothing was ever deployed; undefined where the host does not answer. */
export async function runningAt(
  { ledger, targets }: Pick<System, "ledger" | "targets">,
  place: Place,
): Promise<RunningRelease[] | undefined> {
  const { tenantId, environment, moduleId } = place;
  const facts = await ledger.history({ tenantId, environment, moduleId });
  const newest = facts.at(-1)?.spec;
  if (newest === undefined) return [];
  try {
    return await targets[newest.target ?? "process"].list(newest);
  } catch {
    return undefined;
  }
}
