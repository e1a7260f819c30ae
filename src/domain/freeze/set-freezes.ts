/** Freezes that people set by command, as the tenant's journal tells of them. */
import type { JournalAct, JournalEntry } from "../journal/journal-entry.ts";
import { freezeSchema } from "./freeze.ts";
import type { KnownFreeze } from "./standing.ts";

export const freezeActs = [
  "FreezeSet",
  "FreezeLiftAsked",
  "FreezeLifted",
] as const satisfies readonly JournalAct[];

export interface SetFreeze extends KnownFreeze {
  setBy: { person: string; at: string };
  /** Somebody wants it lifted, and a second person has not confirmed. */
  liftAsked?: { by: string; at: string; reason: string };
}

/** Those that are not lifted, in the order in which they were set. Entries come in the order of the journal. */
export function setFreezes(entries: readonly JournalEntry[]): SetFreeze[] {
  const standing = new Map<string, SetFreeze>();
  for (const { act, actor, time, data } of entries) {
    const id = String(data.id);
    const freeze = standing.get(id);
    if (act === "FreezeSet" && freeze === undefined)
      standing.set(id, { ...freezeSchema.parse(data.freeze), setBy: { person: actor, at: time } });
    if (act === "FreezeLiftAsked" && freeze !== undefined)
      standing.set(id, { ...freeze, liftAsked: { by: actor, at: time, reason: String(data.reason) } });
    if (act === "FreezeLifted") standing.delete(id);
  }
  return [...standing.values()];
}
