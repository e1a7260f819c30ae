/** What stands at many places at once, in one statement each: what serves, and which versions are held. */
import type pg from "pg";
import type { Hold, LedgerEntry, Place, Places, ReleaseLedger } from "../../../ports/release-ledger.ts";

/** The two newest known good ones of each place, as `currentOf` and `lastKnownGoodOf` find them among its facts. */
export async function readServing(
  pool: pg.Pool,
  { tenantId, environments, moduleIds }: Places,
): Promise<Awaited<ReturnType<ReleaseLedger["serving"]>>> {
  const { rows } = await pool.query<{ entry: string }>(
    `select good.entry
       from unnest($2::text[]) as e (environment) cross join unnest($3::text[]) as m (module_id)
      cross join lateral (
        select f.entry, f.sequence from connectsoft.deployment_facts f
         where f.tenant_id = $1 and f.environment = e.environment and f.module_id = m.module_id
           and f.outcome in ('Deployed', 'Restored')
           and not exists (
             select from connectsoft.deployment_facts g
              where g.tenant_id = $1 and g.environment = e.environment and g.module_id = m.module_id
                and g.sequence > f.sequence
                and (g.outcome = 'Destroyed' or (g.release_id = f.release_id and g.outcome <> 'Failed')))
         order by f.sequence desc limit 2) good
      order by e.environment, m.module_id, good.sequence desc`,
    [tenantId, environments, moduleIds],
  );
  const entries = rows.map((row) => JSON.parse(row.entry) as LedgerEntry);
  const byPlace = Map.groupBy(entries, ({ environment, moduleId }) => `${environment}/${moduleId}`);
  return [...byPlace.values()].flatMap(([current, previous]) =>
    current === undefined ? [] : [{ current, ...(previous !== undefined && { previous }) }],
  );
}

export async function readHolds(
  pool: pg.Pool,
  { tenantId, environments, moduleIds }: Places,
): Promise<(Hold & Place)[]> {
  const { rows } = await pool.query<{
    environment: string;
    module_id: string;
    version: string;
    release_id: string;
    reason: string;
    held_at: Date;
  }>(
    `select h.environment, h.module_id, h.version, h.release_id, h.reason, h.held_at from connectsoft.held_versions h
      where h.tenant_id = $1 and h.environment = any($2::text[]) and h.module_id = any($3::text[])
        and not exists (
          select from connectsoft.deployment_facts g
           where g.tenant_id = h.tenant_id and g.environment = h.environment and g.module_id = h.module_id
             and g.outcome = 'Deployed' and g.entry::jsonb ->> 'version' = h.version
             and (g.entry::jsonb ->> 'at')::timestamptz > h.held_at)
      order by h.sequence desc limit 1000`,
    [tenantId, environments, moduleIds],
  );
  return rows.map((row) => ({
    ...{ tenantId, environment: row.environment, moduleId: row.module_id },
    ...{ version: row.version, releaseId: row.release_id, reason: row.reason, at: row.held_at.toISOString() },
  }));
}
