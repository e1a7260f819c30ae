/** Freezes from the tenant's declaration and its journal, which is the only record of those set by command. */
import type { Pool } from "pg";
import { freezeActs, setFreezes } from "../../../domain/freeze/set-freezes.ts";
import type { JournalEntry } from "../../../domain/journal/journal-entry.ts";
import type { Freezes } from "../../../ports/freezes.ts";
import type { Journal } from "../../../ports/journal.ts";
import type { Tenants } from "../../../ports/tenants.ts";

const pageSize = 1_000;

export function createFreezes(ports: {
  pool: Pool;
  tenants: Pick<Tenants, "get">;
  journal: Pick<Journal, "read">;
}): Freezes {
  const { pool, tenants, journal } = ports;

  async function entriesOf(tenantId: string): Promise<JournalEntry[]> {
    const entries: JournalEntry[] = [];
    for (;;) {
      const after = entries.at(-1)?.sequence ?? 0;
      const page = await journal.read(tenantId, { acts: freezeActs, after, limit: pageSize });
      entries.push(...page);
      if (page.length < pageSize) return entries;
    }
  }

  return {
    async read(tenantId) {
      const [tenant, entries] = await Promise.all([tenants.get(tenantId), entriesOf(tenantId)]);
      return [...tenant.freezes, ...setFreezes(entries)];
    },
    async newestTime(tenantId, now) {
      const { rows } = await pool.query<{ newest: Date }>(
        `insert into connectsoft.newest_times (tenant_id, newest)
         values ($1, greatest($2, (select h.newest from connectsoft.journal_heads h where h.tenant_id = $1)))
         on conflict (tenant_id) do update set newest = greatest(newest_times.newest, excluded.newest)
         returning newest_times.newest`,
        [tenantId, now.toISOString()],
      );
      return rows[0]?.newest ?? now;
    },
  };
}
