/** Journals in the database. Who writes locks the end of the tenant's chain until the entries are there. */
import type { Pool, PoolClient } from "pg";
import {
  type JournalDraft,
  type JournalEntry,
  type JournalHead,
  journalGenesis,
  sealEntry,
} from "../../../domain/journal/journal-entry.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { Journal } from "../../../ports/journal.ts";
import { inTransaction } from "../../../ports/transaction.ts";
import { writeTogether } from "./write-together.ts";

const usualLimit = 1_000;

export function createPostgresJournal(pool: Pool, clock: Clock): Journal {
  const write = writeTogether<JournalDraft, JournalEntry>((tenantId, drafts) =>
    inTransaction(pool, (client) => appendTo(client, { tenantId, drafts, time: clock.now().toISOString() })),
  );
  return {
    append: async (tenantId, drafts) => (drafts.length === 0 ? [] : await write(tenantId, drafts)),
    async read(tenantId, { after = 0, limit = usualLimit, acts } = {}) {
      const { rows } = await pool.query<{ body: string }>(
        `select body from connectsoft.journal where tenant_id = $1 and sequence > $2
         and ($4::text[] is null or act = any($4)) order by sequence limit $3`,
        [tenantId, after, limit, acts ?? null],
      );
      return rows.map(({ body }) => JSON.parse(body) as JournalEntry);
    },
  };
}

async function appendTo(
  client: PoolClient,
  { tenantId, drafts, time }: { tenantId: string; drafts: readonly JournalDraft[]; time: string },
): Promise<JournalEntry[]> {
  let after = await lockHead(client, tenantId);
  const entries = drafts.map((draft) => {
    const entry = sealEntry(draft, { tenantId, after, time });
    after = entry;
    return entry;
  });
  await client.query(
    `insert into connectsoft.journal (tenant_id, sequence, act, actor, body)
     select $1, * from unnest($2::bigint[], $3::text[], $4::text[], $5::text[])`,
    [
      tenantId,
      entries.map(({ sequence }) => sequence),
      entries.map(({ act }) => act),
      entries.map(({ actor }) => actor),
      entries.map((entry) => JSON.stringify(entry)),
    ],
  );
  await client.query(
    `update connectsoft.journal_heads h set sequence = $2, hash = $3, newest = greatest(h.newest, $4)
     where h.tenant_id = $1`,
    [tenantId, after.sequence, after.hash, time],
  );
  return entries;
}

async function lockHead(client: PoolClient, tenantId: string): Promise<JournalHead> {
  await client.query(
    `insert into connectsoft.journal_heads (tenant_id, sequence, hash) values ($1, $2, $3) on conflict do nothing`,
    [tenantId, journalGenesis.sequence, journalGenesis.hash],
  );
  const { rows } = await client.query<{ sequence: string; hash: string }>(
    `select sequence, hash from connectsoft.journal_heads where tenant_id = $1 for update`,
    [tenantId],
  );
  const { sequence, hash } = rows[0] ?? journalGenesis;
  return { sequence: Number(sequence), hash };
}
