/** The way from what is there to what a request wants; nothing is changed. */
import { digestOf } from "../../../domain/canonical-json.ts";
import type { Quotas } from "../../../domain/environment/environment-settings.ts";
import {
  diffResources,
  keyOf,
  type PlannedChange,
  type Resource,
  type Seen,
} from "../../../domain/environment/resource.ts";
import { noWants } from "../../../domain/environment/wants-of.ts";
import type { NamespaceRequest } from "../../../ports/provisioner.ts";
import type { Keepers } from "./keepers/index.ts";
import type { Site } from "./keepers/keeper.ts";
import type { Office } from "./office.ts";
import { type Ground, readGround } from "./read-ground.ts";
import { type Wanted, wantResources } from "./want-resources.ts";

export interface Sight {
  digest: string;
  ground: Ground;
  wanted: Wanted;
  changes: (PlannedChange | EditionChange)[];
  site: Site;
}

/** Of the module's row, which is written with the plan. */
export interface EditionChange {
  action: "update";
  kind: "edition";
  name: string;
  resource?: never;
}

export async function planResources(office: Office, request: NamespaceRequest): Promise<Sight> {
  const ground = await readGround(office.pool, office.storageRoot, request);
  const wanted = wantResources(request, ground);
  const target = (request.wants ?? noWants).target;
  const site: Site = { ...siteOf(office, ground), target, quotas: quotasIn(wanted.resources) };
  const seen = await lookAt(office.keepers, site, wanted.resources);
  const recorded = concerned(ground, request, wanted.resources);
  const changes = [...diffResources(seen, recorded), ...editionChange(request, ground)];
  const digest = digestOf({ request, seen, recorded: recorded.map(keyOf), changes: changes.map(plain) });
  return { digest, ground, wanted, changes, site };
}

/** Whatever of a change people are shown. */
export function plain<One extends PlannedChange | EditionChange>({ resource, ...change }: One) {
  return change;
}

export async function lookAt<One extends Resource>(keepers: Keepers, site: Site, resources: readonly One[]) {
  return await Promise.all(
    resources.map(async ({ moduleId, kind, name, spec }): Promise<Seen> => {
      const resource = { moduleId, kind, name, spec };
      return { ...resource, found: await keepers[kind].look(resource, site) };
    }),
  );
}

function siteOf({ pool, storageRoot }: Office, { place, namespace }: Ground) {
  return { pool, storageRoot, place, namespace };
}

export function quotasIn(resources: readonly Resource[]): Quotas {
  const quotas = resources.filter(({ kind }) => kind === "quota");
  return Object.fromEntries(quotas.map(({ name, spec }) => [name, spec.value])) as Quotas;
}

/**
 * What a request may take away: its module's own, and of the environment's what it has a say in. Storage stays, needed
 * or not, until the environment goes: a rollback may want it again.
 */
function concerned({ recorded }: Ground, { moduleId }: NamespaceRequest, wanted: Resource[]): Resource[] {
  const keys = new Set(wanted.map(keyOf));
  return recorded.filter((one) => {
    if (moduleId === undefined) return one.moduleId === "";
    if (keys.has(keyOf(one))) return true;
    return one.moduleId === moduleId ? one.kind !== "storage" : one.moduleId === "" && one.kind === "quota";
  });
}

function editionChange({ editionId }: NamespaceRequest, { module }: Ground): EditionChange[] {
  if (module === undefined || module.editionId === (editionId ?? null) || module.hosts.length === 0)
    return [];
  return [{ action: "update", kind: "edition", name: editionId ?? "none" }];
}
