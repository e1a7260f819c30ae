/** Environments as they are recorded, and as they really are. */
import { type Difference, driftOf, type Seen } from "../../../domain/environment/resource.ts";
import { noWants } from "../../../domain/environment/wants-of.ts";
import { refuse } from "../../../domain/refusal.ts";
import type { EnvironmentPlace, EnvironmentRecord } from "../../../ports/provisioner.ts";
import { quotaStatus } from "./describe-made.ts";
import type { Office } from "./office.ts";
import { lookAt, quotasIn } from "./plan-resources.ts";
import { openDestruction } from "./read-destructions.ts";
import { type NamespaceRow, readModules, readNamespaces, readResources } from "./read-record.ts";
import { recordFound } from "./write-record.ts";

export async function listEnvironments(office: Office, tenantId: string): Promise<EnvironmentRecord[]> {
  const rows = await readNamespaces(office.pool, tenantId);
  return await Promise.all(rows.map((row) => describe(office, tenantId, row)));
}

export async function readEnvironment(
  office: Office,
  { tenantId, environment }: EnvironmentPlace,
): Promise<EnvironmentRecord | undefined> {
  const row = (await readNamespaces(office.pool, tenantId)).find((one) => one.environment === environment);
  return row === undefined ? undefined : await describe(office, tenantId, row);
}

export async function refreshEnvironment(
  office: Office,
  place: EnvironmentPlace,
): Promise<EnvironmentRecord> {
  const record = await requireEnvironment(office, place);
  for (const seen of await look(office, record)) await recordFound(office.pool, record.namespace, seen);
  return await requireEnvironment(office, place);
}

export async function findDrift(office: Office, place: EnvironmentPlace): Promise<Difference[]> {
  return driftOf(await look(office, await requireEnvironment(office, place)));
}

export async function requireEnvironment(
  office: Office,
  place: EnvironmentPlace,
): Promise<EnvironmentRecord> {
  const record = await readEnvironment(office, place);
  if (record !== undefined) return record;
  throw refuse(
    "NotFound",
    `Nothing is provisioned in ${place.environment} of ${place.tenantId}.`,
    `A delivery provisions it, or: connectsoft provision --env ${place.environment}`,
  );
}

async function look({ pool, storageRoot, keepers }: Office, record: EnvironmentRecord): Promise<Seen[]> {
  const { tenantId, environment, namespace, resources } = record;
  const quotas = quotasIn(resources);
  const site = {
    pool,
    storageRoot,
    place: { tenantId, environment },
    namespace,
    target: noWants.target,
    quotas,
  };
  return await lookAt(keepers, site, resources);
}

async function describe(office: Office, tenantId: string, row: NamespaceRow): Promise<EnvironmentRecord> {
  const { namespace, environment, allocatedAt } = row;
  const [modules, resources, destroying] = await Promise.all([
    readModules(office.pool, namespace),
    readResources(office.pool, namespace),
    openDestruction(office.pool, { tenantId, environment }),
  ]);
  const looked = resources.flatMap(({ lookedAt }) => (lookedAt === null ? [] : [lookedAt.toISOString()]));
  const refreshedAt = looked.toSorted().at(-1);
  return {
    tenantId,
    environment,
    namespace,
    allocatedAt: allocatedAt.toISOString(),
    ...(refreshedAt !== undefined && { refreshedAt }),
    modules: modules.map(({ editionId, appliedAt, ...module }) => ({
      ...module,
      ...(editionId !== null && { editionId }),
      appliedAt: appliedAt.toISOString(),
    })),
    resources: resources.map(({ lookedAt, ...seen }) => seen),
    quotas: quotaStatus(resources),
    ...(destroying !== undefined && { destroying: { by: destroying.by, at: destroying.at } }),
  };
}
