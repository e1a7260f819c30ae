/** Everything that a plan stands on: what is allocated and recorded, and which names are taken. */
import { randomUUID } from "node:crypto";
import type pg from "pg";
import { allocateNamespace } from "../../../domain/namespace/allocate-namespace.ts";
import { type HostNames, hostNames } from "../../../domain/namespace/host-names.ts";
import { refuse } from "../../../domain/refusal.ts";
import { slug } from "../../../domain/scope.ts";
import type { EnvironmentPlace, NamespaceRequest } from "../../../ports/provisioner.ts";
import {
  type ModuleRow,
  type RecordedResource,
  readAllocations,
  readModules,
  readNamespaces,
  readRequests,
  readResources,
  takenNames,
} from "./read-record.ts";

export interface Ground {
  place: EnvironmentPlace;
  namespace: string;
  allocated: boolean;
  /** Absolute. */
  storageRoot: string;
  sharedHost: string | undefined;
  modules: ModuleRow[];
  module: ModuleRow | undefined;
  /** Of every module, and the environment's own. */
  recorded: RecordedResource[];
  /** By which the environment and its modules were provisioned. */
  requests: NamespaceRequest[];
  names: HostNames;
  /** Hosts and paths that are others', with whose. */
  taken: Map<string, string>;
  installationId: string;
}

export async function readGround(
  pool: pg.Pool,
  storageRoot: string,
  request: NamespaceRequest,
): Promise<Ground> {
  const place = checkPlace(request);
  const { moduleId = "" } = request;
  const allocations = await readAllocations(pool);
  const namespace = allocateNamespace(place, allocations);
  const [modules, recorded, requests, rows, installation] = await Promise.all([
    readModules(pool, namespace),
    readResources(pool, namespace),
    readRequests(pool, place),
    readNamespaces(pool, place.tenantId),
    installationId(pool),
  ]);
  const domain = request.wants?.domain;
  const names = hostNames({ namespace, moduleId, ...(domain !== undefined && { domain }) });
  const sharedHost = rows.find((row) => row.namespace === namespace)?.sharedHost ?? undefined;
  return {
    place,
    namespace,
    allocated: allocations.some((one) => one.namespace === namespace),
    storageRoot,
    sharedHost,
    modules,
    module: modules.find((one) => one.moduleId === moduleId),
    recorded,
    requests,
    names,
    taken: await taken(pool, { namespace, moduleId, names, sharedHost, path: request.path }),
    installationId: installation,
  };
}

/** Refuses with InputInvalid what is no slug: it becomes a path, a host name and a row. */
export function checkPlace(named: EnvironmentPlace & { moduleId?: string }): EnvironmentPlace {
  for (const key of ["tenantId", "environment", "moduleId"] as const) {
    const checked = slug.optional().safeParse(named[key]);
    if (!checked.success) throw refuse("InputInvalid", `${key}: ${checked.error.issues[0]?.message}`);
  }
  return { tenantId: named.tenantId, environment: named.environment };
}

async function taken(
  pool: pg.Pool,
  own: {
    namespace: string;
    moduleId: string;
    names: HostNames;
    sharedHost: string | undefined;
    path: string | undefined;
  },
): Promise<Map<string, string>> {
  const { names, path, sharedHost } = own;
  const hosts = [...names.own.flat(), ...names.shared];
  const sharedHosts = [...names.shared, ...(sharedHost === undefined ? [] : [sharedHost])];
  const paths = path === undefined ? [] : sharedHosts.map((host) => host + plainPath(path));
  const [byHost, byPath] = await Promise.all([
    takenNames(pool, own, { kind: "host", names: hosts }),
    takenNames(pool, own, { kind: "path", names: paths }),
  ]);
  return new Map([...byHost, ...byPath]);
}

/** Without slashes at its end. */
export function plainPath(path: string): string {
  return path.replace(/\/+$/, "") || "/";
}

async function installationId(pool: pg.Pool): Promise<string> {
  const read = () =>
    pool.query<{ id: string }>("select i.installation_id as id from connectsoft.installation i");
  const known = (await read()).rows[0];
  if (known !== undefined) return known.id;
  await pool.query(
    "insert into connectsoft.installation (installation_id) values ($1) on conflict do nothing",
    [randomUUID()],
  );
  return (await read()).rows[0]?.id ?? "";
}
