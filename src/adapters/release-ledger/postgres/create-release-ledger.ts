/** The release ledger in PostgreSQL: facts are appended, never changed; what they mean is decided in the domain. */
import type pg from "pg";
import { currentOf, lastKnownGoodOf } from "../../../domain/rollout/deployment-facts.ts";
import type { Hold, LedgerEntry, Place, ReleaseLedger } from "../../../ports/release-ledger.ts";
import type { NamedRelease } from "../../../ports/target.ts";
import { dispatch, readDispatched, readMigrations, recordMigration } from "./dispatched-releases.ts";
import { createHistory } from "./history.ts";
import { createPlaceLock } from "./place-lock.ts";
import { readHolds, readServing } from "./read-places.ts";
import { releaseLease, renewLease, reserveLease, standingLease } from "./rollout-lease.ts";

export function createReleaseLedger(options: { pool: pg.Pool }): ReleaseLedger {
  const { pool } = options;
  const history = createHistory(pool);
  return {
    allocate: (request) => allocate(pool, request),
    record: (entry) => record(pool, entry),
    findRunning: (named) => findRunning(pool, named),
    places: () => readPlaces(pool),
    leaseOf: (place) => standingLease(pool, place),
    current: async (place) => currentOf(await history(place)),
    lastKnownGood: async (place, releaseId) => lastKnownGoodOf(await history(place), releaseId),
    serving: (places) => readServing(pool, places),
    holds: (places) => readHolds(pool, places),
    history,
    hold: (place, hold) => addHold(pool, place, hold),
    isHeld: (place, version, artifact) => newestHold(pool, place, { version, artifact }),
    reserve: (place, holder, options) => reserveLease(pool, place, { holder, ...options }),
    renew: (place, invocationId, ttlMs) => renewLease(pool, place, { invocationId, ttlMs }),
    release: (place, invocationId) => releaseLease(pool, place, invocationId),
    dispatch: (place, dispatched) => dispatch(pool, place, dispatched),
    dispatched: (place, of) => readDispatched(pool, place, of),
    recordMigration: (place, record) => recordMigration(pool, place, record),
    migrations: (place, releaseId) => readMigrations(pool, place, releaseId),
    inTurn: createPlaceLock(pool),
  };
}

/** The counter's row is locked before the invocation is looked for, so that a number is neither skipped nor given twice. */
async function allocate(
  pool: pg.Pool,
  request: Place & { version: string; invocationId: string },
): Promise<string> {
  const known = await numberOf(pool, request);
  if (known !== undefined) return known;
  const client = await pool.connect();
  try {
    await client.query("begin");
    const { rows } = await client.query<{ next: string }>(
      `insert into connectsoft.release_counters as c (tenant_id, last_number) values ($1, 1)
       on conflict (tenant_id) do update set last_number = c.last_number + 1
       returning c.last_number as next`,
      [request.tenantId],
    );
    const meanwhile = await numberOf(client, request);
    if (meanwhile !== undefined) {
      await client.query("rollback");
      return meanwhile;
    }
    const releaseId = `release-${String(rows[0]?.next).padStart(6, "0")}`;
    await client.query(
      `insert into connectsoft.releases (tenant_id, release_id, invocation_id, environment, module_id, version)
       values ($1, $2, $3, $4, $5, $6)`,
      [
        request.tenantId,
        releaseId,
        request.invocationId,
        request.environment,
        request.moduleId,
        request.version,
      ],
    );
    await client.query("commit");
    return releaseId;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

async function numberOf(
  db: pg.Pool | pg.PoolClient,
  request: { tenantId: string; invocationId: string },
): Promise<string | undefined> {
  const { rows } = await db.query<{ release_id: string }>(
    "select r.release_id from connectsoft.releases r where r.tenant_id = $1 and r.invocation_id = $2",
    [request.tenantId, request.invocationId],
  );
  return rows[0]?.release_id;
}

async function record(pool: pg.Pool, entry: LedgerEntry): Promise<void> {
  await pool.query(
    `insert into connectsoft.deployment_facts
       (tenant_id, environment, module_id, release_id, outcome, invocation_id, entry)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (tenant_id, release_id, outcome, invocation_id) do nothing`,
    [
      entry.tenantId,
      entry.environment,
      entry.moduleId,
      entry.releaseId,
      entry.outcome,
      entry.invocationId,
      JSON.stringify(entry),
    ],
  );
}

async function readPlaces(pool: pg.Pool): Promise<Place[]> {
  const { rows } = await pool.query<{ tenant_id: string; environment: string; module_id: string }>(
    `select distinct f.tenant_id, f.environment, f.module_id from connectsoft.deployment_facts f
     order by f.tenant_id, f.environment, f.module_id`,
  );
  return rows.map((row) => ({
    tenantId: row.tenant_id,
    environment: row.environment,
    moduleId: row.module_id,
  }));
}

/** Numbers of releases are a tenant's own, so the namespace decides. */
async function findRunning(pool: pg.Pool, named: NamedRelease): Promise<LedgerEntry | undefined> {
  const { rows } = await pool.query<{ entry: string }>(
    `select f.entry from connectsoft.deployment_facts f
     where f.module_id = $1 and f.release_id = $2 order by f.sequence desc`,
    [named.moduleId, named.releaseId],
  );
  return rows
    .map(({ entry }) => JSON.parse(entry) as LedgerEntry)
    .find(({ spec }) => spec.namespace === named.namespace);
}

async function addHold(pool: pg.Pool, place: Place, hold: Hold): Promise<void> {
  await pool.query(
    `insert into connectsoft.held_versions (tenant_id, environment, module_id, version, release_id, reason, held_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant_id, release_id, version) do nothing`,
    [place.tenantId, place.environment, place.moduleId, hold.version, hold.releaseId, hold.reason, hold.at],
  );
}

async function newestHold(
  pool: pg.Pool,
  place: Place,
  { version, artifact }: { version: string; artifact: string | undefined },
): Promise<Hold | undefined> {
  const { rows } = await pool.query<{ version: string; release_id: string; reason: string; held_at: Date }>({
    name: "newest-hold",
    text: `select h.version, h.release_id, h.reason, h.held_at from connectsoft.held_versions h
     where h.tenant_id = $1 and h.environment = $2 and h.module_id = $3
       and (h.version = $4 or exists (
         select 1 from connectsoft.deployment_facts f
         where f.tenant_id = h.tenant_id and f.release_id = h.release_id and f.entry::jsonb ->> 'artifact' = $5))
       and not exists (
         select 1 from connectsoft.deployment_facts g
         where g.tenant_id = h.tenant_id and g.environment = h.environment and g.module_id = h.module_id
           and g.outcome = 'Deployed' and g.entry::jsonb ->> 'version' = h.version
           and (g.entry::jsonb ->> 'at')::timestamptz > h.held_at)
     order by h.version = $4 desc, h.sequence desc limit 1`,
    values: [place.tenantId, place.environment, place.moduleId, version, artifact ?? null],
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  const { release_id: releaseId, reason, held_at: heldAt } = row;
  return { version: row.version, releaseId, reason, at: heldAt.toISOString() };
}
