/** What the database holds of environments: namespaces, modules, resources, and the plans that made them. */
import type pg from "pg";
import type { PlannedChange, Seen } from "../../../domain/environment/resource.ts";
import type { NamespaceAllocation } from "../../../domain/namespace/allocate-namespace.ts";
import type { EnvironmentPlace, NamespaceRequest } from "../../../ports/provisioner.ts";

export async function readAllocations(pool: pg.Pool): Promise<NamespaceAllocation[]> {
  const { rows } = await pool.query<NamespaceAllocation>(
    `select n.namespace, n.tenant_id as "tenantId", n.environment from connectsoft.namespaces n`,
  );
  return rows;
}

export interface NamespaceRow {
  namespace: string;
  environment: string;
  sharedHost: string | null;
  allocatedAt: Date;
}

export async function readNamespaces(pool: pg.Pool, tenantId: string): Promise<NamespaceRow[]> {
  const { rows } = await pool.query<NamespaceRow>(
    `select n.namespace, n.environment, n.shared_host as "sharedHost", n.allocated_at as "allocatedAt"
     from connectsoft.namespaces n where n.tenant_id = $1 order by n.allocated_at, n.namespace`,
    [tenantId],
  );
  return rows;
}

export interface ModuleRow {
  moduleId: string;
  hosts: string[];
  paths: string[];
  storage: string;
  editionId: string | null;
  appliedAt: Date;
}

export async function readModules(pool: pg.Pool, namespace: string): Promise<ModuleRow[]> {
  const { rows } = await pool.query<ModuleRow>(
    `select m.module_id as "moduleId", m.hosts, m.paths, m.storage, m.edition_id as "editionId", m.applied_at as "appliedAt"
     from connectsoft.namespace_modules m where m.namespace = $1 order by m.module_id`,
    [namespace],
  );
  return rows;
}

export interface RecordedResource extends Seen {
  lookedAt: Date | null;
}

/** Of every module, and of the environment itself. `found` is what was there when it was last looked at. */
export async function readResources(pool: pg.Pool, namespace: string): Promise<RecordedResource[]> {
  const { rows } = await pool.query<Omit<RecordedResource, "found"> & { found: Seen["found"] | null }>(
    `select r.module_id as "moduleId", r.kind, r.name, r.spec, r.found, r.looked_at as "lookedAt"
     from connectsoft.environment_resources r where r.namespace = $1 order by r.module_id, r.kind, r.name`,
    [namespace],
  );
  return rows.map((row) => ({ ...row, found: row.found ?? undefined }));
}

/** Which of these names are taken by other modules, or other environments, with whose they are. */
export async function takenNames(
  pool: pg.Pool,
  own: { namespace: string; moduleId: string },
  names: { kind: "host" | "path"; names: string[] },
): Promise<Map<string, string>> {
  const { rows } = await pool.query<{ name: string; namespace: string; module_id: string }>(
    `select r.name, r.namespace, r.module_id from connectsoft.environment_resources r
     where r.kind = $1 and r.name = any($2) and (r.namespace, r.module_id) <> ($3, $4)`,
    [names.kind, names.names, own.namespace, own.moduleId],
  );
  return new Map(rows.map((row) => [row.name, row.module_id || row.namespace]));
}

export interface PlanRow {
  digest: string;
  request: NamespaceRequest;
  changes: Pick<PlannedChange, "action" | "kind" | "name">[];
}

export async function readPlan(
  pool: pg.Pool,
  { tenantId, environment, moduleId = "" }: EnvironmentPlace & { moduleId?: string },
): Promise<PlanRow | undefined> {
  const { rows } = await pool.query<PlanRow>(
    `select p.digest, p.request, p.changes from connectsoft.environment_plans p
     where p.tenant_id = $1 and p.environment = $2 and p.module_id = $3`,
    [tenantId, environment, moduleId],
  );
  return rows[0];
}

/** The requests of an environment's plans that were carried out, the environment's own first. */
export async function readRequests(pool: pg.Pool, place: EnvironmentPlace): Promise<NamespaceRequest[]> {
  const { rows } = await pool.query<{ request: NamespaceRequest }>(
    `select p.request from connectsoft.environment_plans p
     where p.tenant_id = $1 and p.environment = $2 order by p.module_id`,
    [place.tenantId, place.environment],
  );
  return rows.map(({ request }) => request);
}
