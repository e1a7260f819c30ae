/**
 * Takes an environment away, step by step: services, names, storage, rows, settings. It is on record from the
 * beginning, so that nothing is provisioned there meanwhile and whoever was killed goes on where it was.
 */
import { type Change, type Resource, resourceKinds } from "../../../domain/environment/resource.ts";
import { noWants } from "../../../domain/environment/wants-of.ts";
import { refuse } from "../../../domain/refusal.ts";
import type { Destroyed, Destruction, EnvironmentPlace } from "../../../ports/provisioner.ts";
import type { Site } from "./keepers/keeper.ts";
import { requireEnvironment } from "./look-around.ts";
import type { Office } from "./office.ts";
import {
  alsoWithSettings,
  beginDestruction,
  confirmDestruction,
  endDestruction,
  type OpenDestruction,
  openDestruction,
  recordGone,
  withdrawDestruction,
} from "./read-destructions.ts";
import { readModules, readResources } from "./read-record.ts";
import { recordRemoved } from "./write-record.ts";

/** Called in the environment's turn. */
export async function destroyEnvironment(
  office: Office,
  place: EnvironmentPlace,
  asked: Destruction,
): Promise<Destroyed> {
  const { pool } = office;
  const open = (await openDestruction(pool, place)) ?? (await begin(office, place, asked));
  await confirm(office, place, { open, asked });
  if (asked.withSettings && !open.withSettings) await alsoWithSettings(pool, open.id);
  const withSettings = asked.withSettings || open.withSettings;
  await dismantleModules(office, open, asked);
  await removeResources(office, place, open);
  await forgetPlans(office, place);
  if (withSettings) await office.settings.erase(place);
  await endDestruction(pool, open.id);
  const changes = await removedBy(office, open.id);
  return { namespace: open.namespace, modules: open.modules, changes };
}

async function begin(office: Office, place: EnvironmentPlace, asked: Destruction): Promise<OpenDestruction> {
  const { namespace, modules } = await requireEnvironment(office, place);
  const moduleIds = modules.map(({ moduleId }) => moduleId);
  await beginDestruction(office.pool, place, { ...asked, namespace, modules: moduleIds });
  const open = await openDestruction(office.pool, place);
  if (open === undefined) throw new Error("a destruction that was begun is not there");
  return open;
}

/** What serves is looked for after nothing more can be provisioned; where it is to go on, nothing has happened. */
async function confirm(
  { pool }: Office,
  place: EnvironmentPlace,
  { open, asked }: { open: OpenDestruction; asked: Destruction },
): Promise<void> {
  if (open.confirmed) return;
  try {
    if (!asked.serving) await requireIdle(place, { open, asked });
  } catch (error) {
    await withdrawDestruction(pool, open.id);
    throw error;
  }
  await confirmDestruction(pool, open.id);
}

async function requireIdle(
  { environment }: EnvironmentPlace,
  { open, asked }: { open: OpenDestruction; asked: Destruction },
): Promise<void> {
  const { namespace } = open;
  const serving = await Promise.all(open.modules.map((moduleId) => asked.serves({ namespace, moduleId })));
  const words = serving.filter((one) => one !== undefined);
  if (words.length === 0) return;
  throw refuse(
    "Conflict",
    `${environment} serves: ${words.join(", ")}. Nothing was destroyed.`,
    `Where it shall go all the same: connectsoft env destroy ${environment} --serving --reason "..."`,
  );
}

async function dismantleModules(office: Office, open: OpenDestruction, asked: Destruction): Promise<void> {
  const { namespace } = open;
  for (const { moduleId } of await readModules(office.pool, namespace)) {
    await asked.dismantle({ namespace, moduleId });
    office.afterChange();
  }
}

/** In reverse of the order in which they are made; the rows that names stand in go before the namespace does. */
async function removeResources(
  office: Office,
  place: EnvironmentPlace,
  open: OpenDestruction,
): Promise<void> {
  const { pool, storageRoot, keepers } = office;
  const { namespace } = open;
  const site: Site = { pool, storageRoot, place, namespace, target: noWants.target, quotas: {} };
  const recorded = await readResources(pool, namespace);
  const rank = ({ kind }: Resource) => resourceKinds.indexOf(kind);
  for (const resource of recorded.toSorted((a, b) => rank(b) - rank(a))) {
    const { kind, name } = resource;
    if (kind === "namespace")
      await pool.query("delete from connectsoft.namespace_modules where namespace = $1", [namespace]);
    await keepers[kind].remove(resource, site);
    await recordGone(pool, open.id, { action: "delete", kind, name });
    await recordRemoved(pool, namespace, resource);
    office.afterChange();
  }
}

async function forgetPlans({ pool }: Office, { tenantId, environment }: EnvironmentPlace): Promise<void> {
  await pool.query("delete from connectsoft.environment_plans where tenant_id = $1 and environment = $2", [
    tenantId,
    environment,
  ]);
}

/** What was taken away twice, because a process was killed in between, went once. */
async function removedBy({ pool }: Office, id: string): Promise<Change[]> {
  const { rows } = await pool.query<{ removed: Change[] }>(
    "select d.removed from connectsoft.environment_destructions d where d.destruction_id = $1",
    [id],
  );
  const all = rows[0]?.removed ?? [];
  return [...new Map(all.map((change) => [`${change.kind} ${change.name}`, change])).values()];
}
