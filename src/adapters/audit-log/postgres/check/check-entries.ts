/** The journal of a tenant: its chain, its head, its leaves. */
import { journalChain } from "../../../../domain/audit/log-leaf.ts";
import {
  type JournalEntry,
  type JournalHead,
  journalGenesis,
  verifyJournal,
} from "../../../../domain/journal/journal-entry.ts";
import type { AuditFinding } from "../../../../ports/audit-log.ts";
import type { CheckPlace } from "./check-place.ts";

const pageSize = 2_000;

export async function checkEntries(place: CheckPlace): Promise<AuditFinding | undefined> {
  const end = await headOf(place);
  let head: JournalHead = journalGenesis;
  for (;;) {
    const page = await pageAfter(place, head.sequence);
    const entries = page.map(({ entry }) => entry).filter(({ sequence }) => sequence <= end.sequence);
    if (entries.length === 0) break;
    const verdict = verifyJournal(entries, head);
    if (!verdict.intact) return { where: whereOf(verdict.sequence), problem: verdict.problem };
    const strange = page.find(({ entry, leaf }) => leaf !== null && leaf !== entry.hash);
    if (strange !== undefined)
      return { where: whereOf(strange.entry.sequence), problem: "is not the one that a checkpoint covers" };
    place.tally.uncovered += page.filter(({ leaf }) => leaf === null).length;
    head = verdict.head;
    place.tally.journalEntries += entries.length;
  }
  if (head.sequence !== end.sequence || head.hash !== end.hash)
    return { where: "the journal", problem: `ends at entry ${head.sequence}, and should at ${end.sequence}` };
  const { rows } = await place.client.query<{ last: string | null }>(
    `select max(l.sequence) as last from connectsoft.log_leaves l where l.tenant_id = $1 and l.chain = $2`,
    [place.tenantId, journalChain],
  );
  const covered = Number(rows[0]?.last ?? 0);
  return covered <= head.sequence
    ? undefined
    : { where: whereOf(covered), problem: "is gone: a checkpoint covers it" };
}

async function headOf({ client, tenantId }: CheckPlace): Promise<JournalHead> {
  const { rows } = await client.query<{ sequence: string; hash: string }>(
    `select h.sequence, h.hash from connectsoft.journal_heads h where h.tenant_id = $1`,
    [tenantId],
  );
  return rows[0] === undefined ? journalGenesis : { sequence: Number(rows[0].sequence), hash: rows[0].hash };
}

async function pageAfter({ client, tenantId }: CheckPlace, after: number) {
  const { rows } = await client.query<{ body: string; leaf: string | null }>(
    `select j.body, l.hash as leaf from connectsoft.journal j
     left join connectsoft.log_leaves l
       on l.tenant_id = j.tenant_id and l.chain = $4 and l.sequence = j.sequence
     where j.tenant_id = $1 and j.sequence > $2 order by j.sequence limit $3`,
    [tenantId, after, pageSize, journalChain],
  );
  return rows.map(({ body, leaf }) => ({ entry: JSON.parse(body) as JournalEntry, leaf }));
}

function whereOf(sequence: number): string {
  return `the journal, entry ${sequence}`;
}
