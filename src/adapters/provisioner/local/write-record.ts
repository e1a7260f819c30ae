/** How the record goes with what is done: it names a resource before there is one, and as long as there may be one. */
import type pg from "pg";
import type { Change, Resource, Seen } from "../../../domain/environment/resource.ts";
import type { NamespaceRequest } from "../../../ports/provisioner.ts";
import { planIsStale } from "./plan-is-stale.ts";

export async function beginPlan(
  pool: pg.Pool,
  request: NamespaceRequest,
  plan: { digest: string; changes: readonly Omit<Change, "detail">[] },
): Promise<void> {
  const changes = plan.changes.map(({ action, kind, name }) => ({ action, kind, name }));
  await pool.query(
    `insert into connectsoft.environment_plans (tenant_id, environment, module_id, digest, request, changes)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (tenant_id, environment, module_id) do update
       set digest = excluded.digest, request = excluded.request, changes = excluded.changes,
           started_at = now(), finished_at = null`,
    [
      request.tenantId,
      request.environment,
      request.moduleId ?? "",
      plan.digest,
      JSON.stringify(request),
      JSON.stringify(changes),
    ],
  );
}

export async function finishPlan(
  pool: pg.Pool,
  request: NamespaceRequest,
  made: { namespace: string; digest: string },
): Promise<void> {
  const { tenantId, environment, moduleId = "" } = request;
  await pool.query(
    `update connectsoft.environment_plans set finished_at = coalesce(finished_at, now())
     where tenant_id = $1 and environment = $2 and module_id = $3`,
    [tenantId, environment, moduleId],
  );
  await pool.query(
    `update connectsoft.namespace_modules set edition_id = $3, plan_digest = $4, applied_at = now()
     where namespace = $1 and module_id = $2 and (plan_digest <> $4 or edition_id is distinct from $3)`,
    [made.namespace, moduleId, request.editionId ?? null, made.digest],
  );
}

/** The module's row, which its names stand in; what is there is left alone. */
export async function ensureModule(
  pool: pg.Pool,
  module: { namespace: string; moduleId: string; storage: string; digest: string },
): Promise<void> {
  await pool.query(
    `insert into connectsoft.namespace_modules (namespace, module_id, hosts, storage, plan_digest, applied_at)
     values ($1, $2, '{}', $3, $4, now()) on conflict do nothing`,
    [module.namespace, module.moduleId, module.storage, module.digest],
  );
}

/**
 * Before it is made: what was made is always on record, and destroying finds it. A name that another took
 * meanwhile was planned when it was free.
 */
export async function recordWanted(
  pool: pg.Pool,
  request: NamespaceRequest,
  { namespace, resource }: { namespace: string; resource: Resource },
): Promise<void> {
  const { moduleId, kind, name, spec } = resource;
  await pool
    .query(
      `insert into connectsoft.environment_resources (namespace, module_id, kind, name, spec)
       values ($1, $2, $3, $4, $5)
       on conflict (namespace, module_id, kind, name) do update
         set spec = excluded.spec, found = null, looked_at = null, applied_at = now()`,
      [namespace, moduleId, kind, name, JSON.stringify(spec)],
    )
    .catch((error: Error & { code?: string }) => {
      if (error.code === "23505") throw planIsStale(request, `${name} is another's`);
      throw error;
    });
}

export async function recordRemoved(
  pool: pg.Pool,
  namespace: string,
  { moduleId, kind, name }: Resource,
): Promise<void> {
  await pool.query(
    `delete from connectsoft.environment_resources
     where namespace = $1 and module_id = $2 and kind = $3 and name = $4`,
    [namespace, moduleId, kind, name],
  );
}

export async function recordFound(pool: pg.Pool, namespace: string, seen: Seen): Promise<void> {
  const { moduleId, kind, name, found } = seen;
  await pool.query(
    `update connectsoft.environment_resources set found = $5, looked_at = now()
     where namespace = $1 and module_id = $2 and kind = $3 and name = $4`,
    [namespace, moduleId, kind, name, found === undefined ? null : JSON.stringify(found)],
  );
}
