/**
 * Namespaces of this host: a name in the allocation table, a storage folder and host names of the local
 * router for each module. Plans are digests over the request and what is there now.
 */
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";
import { digestOf } from "../../../domain/canonical-json.ts";
import { allocateNamespace, type NamespaceAllocation } from "../../../domain/namespace/allocate-namespace.ts";
import { refuse } from "../../../domain/refusal.ts";
import type {
  InfrastructurePlan,
  NamespaceRequest,
  ProvisionedNamespace,
  Provisioner,
} from "../../../ports/provisioner.ts";
import type { Settings } from "../../../ports/settings.ts";

/** Serialises allocations: any constant will do, it is the name of a lock. */
const allocationLock = 4_202_621;

/** `storageRoot` is absolute; a module's storage is `<storageRoot>/<namespace>/<moduleId>`, readable by its owner only. */
export function createLocalProvisioner(options: {
  pool: pg.Pool;
  settings: Settings;
  storageRoot: string;
}): Provisioner {
  const { pool, settings, storageRoot } = options;
  return {
    name: "local",
    async plan(request) {
      return (await look(pool, storageRoot, request)).plan;
    },
    async apply(request, planDigest) {
      const client = await pool.connect();
      try {
        await client.query("begin");
        await client.query("select pg_advisory_xact_lock($1)", [allocationLock]);
        const sight = await look(client, storageRoot, request);
        if (sight.plan.digest !== planDigest && sight.module?.plan_digest !== planDigest) {
          throw planChanged(request, sight.plan);
        }
        await mkdir(sight.wanted.storage, { recursive: true, mode: 0o700 });
        await save(client, request, sight, planDigest);
        await client.query("commit");
        return { ...sight.wanted, outputs: await outputsOf(settings, request, sight.wanted) };
      } catch (error) {
        await client.query("rollback");
        throw error;
      } finally {
        client.release();
      }
    },
  };
}

interface ModuleRow {
  hosts: string[];
  storage: string;
  edition_id: string | null;
  plan_digest: string;
}

/** What is there, what is wanted, and the way from one to the other. */
interface Sight {
  allocated: boolean;
  module: ModuleRow | undefined;
  wanted: Omit<ProvisionedNamespace, "outputs">;
  plan: InfrastructurePlan;
}

async function look(db: pg.Pool | pg.PoolClient, root: string, request: NamespaceRequest): Promise<Sight> {
  const { rows } = await db.query<NamespaceAllocation>(
    `select n.namespace, n.tenant_id as "tenantId", n.environment from connectsoft.namespaces n`,
  );
  const namespace = allocateNamespace(request, rows);
  const allocated = rows.some((row) => row.namespace === namespace);
  const module = await findModule(db, namespace, request.moduleId);
  const wanted = {
    namespace,
    hosts: [`${request.moduleId}.${namespace}.localhost`],
    storage: module?.storage ?? join(root, namespace, request.moduleId),
  };
  const present = {
    namespace: allocated,
    storage: module !== undefined && (await isDirectory(wanted.storage)),
    hosts: module?.hosts ?? [],
    edition: module?.edition_id ?? null,
  };
  const changes = changesFrom(present, wanted, request);
  const digest = digestOf({ request, wanted, present, changes });
  return { allocated, module, wanted, plan: { digest, namespace, changes } };
}

function changesFrom(
  present: { namespace: boolean; storage: boolean; hosts: string[]; edition: string | null },
  wanted: Omit<ProvisionedNamespace, "outputs">,
  request: NamespaceRequest,
): InfrastructurePlan["changes"] {
  const changes: InfrastructurePlan["changes"] = [];
  if (!present.namespace) changes.push({ action: "create", kind: "namespace", name: wanted.namespace });
  if (!present.storage) changes.push({ action: "create", kind: "storage", name: wanted.storage });
  for (const host of wanted.hosts) {
    if (!present.hosts.includes(host)) changes.push({ action: "create", kind: "host", name: host });
  }
  for (const host of present.hosts) {
    if (!wanted.hosts.includes(host)) changes.push({ action: "delete", kind: "host", name: host });
  }
  if (present.hosts.length > 0 && present.edition !== (request.editionId ?? null)) {
    changes.push({ action: "update", kind: "edition", name: request.editionId ?? "none" });
  }
  return changes;
}

async function findModule(
  db: pg.Pool | pg.PoolClient,
  namespace: string,
  moduleId: string,
): Promise<ModuleRow | undefined> {
  const { rows } = await db.query<ModuleRow>(
    `select m.hosts, m.storage, m.edition_id, m.plan_digest from connectsoft.namespace_modules m
     where m.namespace = $1 and m.module_id = $2`,
    [namespace, moduleId],
  );
  return rows[0];
}

async function save(
  client: pg.PoolClient,
  request: NamespaceRequest,
  sight: Sight,
  planDigest: string,
): Promise<void> {
  const { namespace, hosts, storage } = sight.wanted;
  await client.query(
    `insert into connectsoft.namespaces (namespace, tenant_id, environment) values ($1, $2, $3)
     on conflict (namespace) do nothing`,
    [namespace, request.tenantId, request.environment],
  );
  await client.query(
    `insert into connectsoft.namespace_modules (namespace, module_id, hosts, storage, edition_id, plan_digest, applied_at)
     values ($1, $2, $3, $4, $5, $6, now())
     on conflict (namespace, module_id) do update
       set hosts = excluded.hosts, edition_id = excluded.edition_id,
           plan_digest = excluded.plan_digest, applied_at = excluded.applied_at`,
    [namespace, request.moduleId, hosts, storage, request.editionId ?? null, planDigest],
  );
}

/** Names of settings, never values. */
async function outputsOf(
  settings: Settings,
  request: NamespaceRequest,
  wanted: Omit<ProvisionedNamespace, "outputs">,
): Promise<Record<string, string>> {
  const { tenantId, environment, moduleId } = request;
  const scope = { tenantId, environment, moduleId };
  const [config, secrets] = await Promise.all([settings.listConfig(scope), settings.listSecrets(scope)]);
  return {
    resourceGroup: `local/${tenantId}`,
    vault: `local/${wanted.namespace}`,
    storage: wanted.storage,
    networkPolicy: "loopback",
    configuration: Object.keys(config).sort().join(","),
    secrets: secrets
      .map(({ name }) => name)
      .sort()
      .join(","),
  };
}

async function isDirectory(path: string): Promise<boolean> {
  return await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

function planChanged(request: NamespaceRequest, now: InfrastructurePlan): Error {
  const changes =
    now.changes.map(({ action, kind, name }) => `${action} ${kind} ${name}`).join(", ") || "nothing";
  return refuse(
    "PlanChanged",
    `the plan for ${request.moduleId} in ${request.tenantId}/${request.environment} is not the current one any more: it would now ${changes}`,
    "Plan again, and have the new plan approved where policy asks for it.",
  );
}
