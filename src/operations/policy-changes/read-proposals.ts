import type { JournalEntry } from "../../domain/journal/journal-entry.ts";
import { type Proposal, policyActs, proposalsFrom } from "../../domain/policy/proposal.ts";
import type { System } from "../system.ts";

const page = 1_000;

/** Oldest first. */
export async function readProposals(system: System, tenantId: string): Promise<Proposal[]> {
  const entries = await readPolicyActs(system, tenantId);
  // A clock that is turned back makes nothing valid again that had expired.
  const times = [system.clock.now().toISOString(), entries.at(-1)?.time ?? ""];
  return proposalsFrom(entries, times.toSorted().at(-1) ?? "");
}

export async function readPolicyActs({ journal }: System, tenantId: string): Promise<JournalEntry[]> {
  const entries: JournalEntry[] = [];
  for (;;) {
    const after = entries.at(-1)?.sequence ?? 0;
    const more = await journal.read(tenantId, { after, limit: page, acts: policyActs });
    entries.push(...more);
    if (more.length < page) return entries;
  }
}
