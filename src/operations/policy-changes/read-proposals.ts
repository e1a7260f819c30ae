import type { JournalEntry } from "../../domain/journal/journal-entry.ts";
import { type Proposal, policyActs, proposalsFrom } from "../../domain/policy/proposal.ts";
import type { System } from "../system.ts";

const page = 1_000;

/** Oldest first. */
export async function readProposals(system: System, tenantId: string): Promise<Proposal[]> {
  return proposalsFrom(await readPolicyActs(system, tenantId), system.clock.now().toISOString());
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
