/** Destructions of environments: what was begun and is not done, and what each of them took away. */
import { randomUUID } from "node:crypto";
import type pg from "pg";
import type { Change } from "../../../domain/environment/resource.ts";
import type { EnvironmentPlace } from "../../../ports/provisioner.ts";

export interface OpenDestruction {
  id: string;
  namespace: string;
  by: string;
  reason: string;
  withSettings: boolean;
  /** Nothing served, or that was said not to matter. */
  confirmed: boolean;
  modules: string[];
  removed: Change[];
  /** ISO 8601. */
  at: string;
}

export async function openDestruction(
  pool: pg.Pool,
  { tenantId, environment }: EnvironmentPlace,
): Promise<OpenDestruction | undefined> {
  const { rows } = await pool.query<Omit<OpenDestruction, "at"> & { at: Date }>(
    `select d.destruction_id as id, d.namespace, d.destroyed_by as by, d.reason, d.with_settings as "withSettings",
            d.confirmed, d.modules, d.removed, d.began_at as at
     from connectsoft.environment_destructions d
     where d.tenant_id = $1 and d.environment = $2 and d.ended_at is null`,
    [tenantId, environment],
  );
  return rows[0] === undefined ? undefined : { ...rows[0], at: rows[0].at.toISOString() };
}

export async function beginDestruction(
  pool: pg.Pool,
  place: EnvironmentPlace,
  begun: { namespace: string; modules: string[]; by: string; reason: string; withSettings: boolean },
): Promise<void> {
  await pool.query(
    `insert into connectsoft.environment_destructions
       (destruction_id, tenant_id, environment, namespace, destroyed_by, reason, with_settings, modules)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      randomUUID(),
      place.tenantId,
      place.environment,
      begun.namespace,
      begun.by,
      begun.reason,
      begun.withSettings,
      begun.modules,
    ],
  );
}

/** What was asked for later is added to what was asked for first. */
export async function alsoWithSettings(pool: pg.Pool, id: string): Promise<void> {
  await pool.query(
    "update connectsoft.environment_destructions set with_settings = true where destruction_id = $1",
    [id],
  );
}

export async function confirmDestruction(pool: pg.Pool, id: string): Promise<void> {
  await pool.query(
    "update connectsoft.environment_destructions set confirmed = true where destruction_id = $1",
    [id],
  );
}

export async function recordGone(pool: pg.Pool, id: string, change: Change): Promise<void> {
  await pool.query(
    "update connectsoft.environment_destructions set removed = removed || $2::jsonb where destruction_id = $1",
    [id, JSON.stringify([change])],
  );
}

/** Nothing was taken away yet. */
export async function withdrawDestruction(pool: pg.Pool, id: string): Promise<void> {
  await pool.query("delete from connectsoft.environment_destructions where destruction_id = $1", [id]);
}

export async function endDestruction(pool: pg.Pool, id: string): Promise<void> {
  await pool.query(
    "update connectsoft.environment_destructions set ended_at = now() where destruction_id = $1",
    [id],
  );
}
