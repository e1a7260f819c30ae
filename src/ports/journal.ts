/** Keeps each tenant's journal. What `append` has answered survives any crash, and nothing written is changed or removed. */
import type { JournalAct, JournalDraft, JournalEntry } from "../domain/journal/journal-entry.ts";

export interface Journal {
  /** Writes in this order, all or nothing, at the end of the tenant's chain. Callers at the same time follow each other. */
  append(tenantId: string, drafts: readonly JournalDraft[]): Promise<JournalEntry[]>;
  /** In order of the chain, of all acts or of these; at most 1,000 unless `limit` says otherwise. */
  read(
    tenantId: string,
    query?: { after?: number; limit?: number; acts?: readonly JournalAct[] },
  ): Promise<JournalEntry[]>;
}
