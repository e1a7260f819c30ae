/** What releases were dispatched with, and what became of their migrations. */
import type pg from "pg";
import type { MigrationRecord, Place, RecordedSpec } from "../../../ports/release-ledger.ts";

export async function dispatch(
  pool: pg.Pool,
  place: Place,
  { invocationId, spec }: { invocationId: string; spec: RecordedSpec },
): Promise<RecordedSpec> {
  const { rowCount } = await pool.query(
    `insert into connectsoft.dispatched_releases
       (tenant_id, environment, module_id, release_id, invocation_id, spec)
     values ($1, $2, $3, $4, $5, $6) on conflict (tenant_id, invocation_id) do nothing`,
    [place.tenantId, place.environment, place.moduleId, spec.releaseId, invocationId, JSON.stringify(spec)],
  );
  if (rowCount === 1) return spec;
  return (await readDispatched(pool, place, { releaseId: spec.releaseId, invocationId })) ?? spec;
}

export async function readDispatched(
  pool: pg.Pool,
  place: Place,
  { releaseId, invocationId }: { releaseId: string; invocationId?: string },
): Promise<RecordedSpec | undefined> {
  const { rows } = await pool.query<{ spec: string }>(
    `select d.spec from connectsoft.dispatched_releases d
     where d.tenant_id = $1 and d.environment = $2 and d.module_id = $3 and d.release_id = $4
       and ($5::text is null or d.invocation_id = $5)
     order by d.sequence desc limit 1`,
    [place.tenantId, place.environment, place.moduleId, releaseId, invocationId ?? null],
  );
  return rows[0] === undefined ? undefined : (JSON.parse(rows[0].spec) as RecordedSpec);
}

export async function recordMigration(pool: pg.Pool, place: Place, record: MigrationRecord): Promise<void> {
  await pool.query(
    `insert into connectsoft.release_migrations as m (tenant_id, release_id, phase, record)
     values ($1, $2, $3, $4)
     on conflict (tenant_id, release_id, phase) do update set record = excluded.record`,
    [place.tenantId, record.releaseId, record.phase, JSON.stringify(record)],
  );
}

export async function readMigrations(
  pool: pg.Pool,
  place: Place,
  releaseId: string,
): Promise<MigrationRecord[]> {
  const { rows } = await pool.query<{ record: string }>(
    `select m.record from connectsoft.release_migrations m
     where m.tenant_id = $1 and m.release_id = $2 order by m.phase desc`,
    [place.tenantId, releaseId],
  );
  return rows.map((row) => JSON.parse(row.record) as MigrationRecord);
}
