/** Leases of places: one row a place, by the database's clock, so that hosts need not agree on the time. */
import type pg from "pg";
import type { Place, RolloutLease } from "../../../ports/release-ledger.ts";

interface LeaseRow {
  release_id: string;
  trace_id: string;
  invocation_id: string;
  expires_at: Date;
}

export async function reserveLease(
  pool: pg.Pool,
  place: Place,
  wish: { holder: Omit<RolloutLease, "expiresAt">; ttlMs: number; takeOver?: boolean },
): Promise<RolloutLease> {
  const { holder, ttlMs, takeOver = false } = wish;
  const { releaseId, traceId, invocationId } = holder;
  for (;;) {
    const taken = await pool.query<LeaseRow>(
      `insert into connectsoft.rollout_leases as l
         (tenant_id, environment, module_id, release_id, trace_id, invocation_id, expires_at)
       values ($1, $2, $3, $4, $5, $6, now() + $7 * interval '1 millisecond')
       on conflict (tenant_id, environment, module_id) do update
         set release_id = excluded.release_id, trace_id = excluded.trace_id,
             invocation_id = excluded.invocation_id, expires_at = excluded.expires_at
         where l.expires_at <= now() or l.release_id = excluded.release_id or $8
       returning l.release_id, l.trace_id, l.invocation_id, l.expires_at`,
      [...placeValues(place), releaseId, traceId, invocationId, ttlMs, takeOver],
    );
    const [own] = taken.rows;
    if (own !== undefined) return leaseOf(own);
    const { rows } = await pool.query<LeaseRow>(
      `select l.release_id, l.trace_id, l.invocation_id, l.expires_at from connectsoft.rollout_leases l
       where l.tenant_id = $1 and l.environment = $2 and l.module_id = $3`,
      placeValues(place),
    );
    // Given back in between: it is free now.
    if (rows[0] !== undefined) return leaseOf(rows[0]);
  }
}

export async function standingLease(pool: pg.Pool, place: Place): Promise<RolloutLease | undefined> {
  const { rows } = await pool.query<LeaseRow>(
    `select l.release_id, l.trace_id, l.invocation_id, l.expires_at from connectsoft.rollout_leases l
     where l.tenant_id = $1 and l.environment = $2 and l.module_id = $3 and l.expires_at > now()`,
    placeValues(place),
  );
  return rows[0] === undefined ? undefined : leaseOf(rows[0]);
}

export async function renewLease(
  pool: pg.Pool,
  place: Place,
  { invocationId, ttlMs }: { invocationId: string; ttlMs: number },
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `update connectsoft.rollout_leases l set expires_at = now() + $5 * interval '1 millisecond'
     where l.tenant_id = $1 and l.environment = $2 and l.module_id = $3 and l.invocation_id = $4`,
    [...placeValues(place), invocationId, ttlMs],
  );
  return rowCount === 1;
}

export async function releaseLease(pool: pg.Pool, place: Place, invocationId: string): Promise<void> {
  await pool.query(
    `delete from connectsoft.rollout_leases l
     where l.tenant_id = $1 and l.environment = $2 and l.module_id = $3 and l.invocation_id = $4`,
    [...placeValues(place), invocationId],
  );
}

function placeValues({ tenantId, environment, moduleId }: Place): string[] {
  return [tenantId, environment, moduleId];
}

function leaseOf(row: LeaseRow): RolloutLease {
  return {
    releaseId: row.release_id,
    traceId: row.trace_id,
    invocationId: row.invocation_id,
    expiresAt: row.expires_at.toISOString(),
  };
}
