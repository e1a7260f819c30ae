/** Applies a plan, or finishes one that was begun: each change is on record before it is made, and looks before it acts. */
import { digestOf } from "../../../domain/canonical-json.ts";
import type { Change } from "../../../domain/environment/resource.ts";
import type { NamespaceRequest } from "../../../ports/provisioner.ts";
import type { Office } from "./office.ts";
import { planIsStale } from "./plan-is-stale.ts";
import { type EditionChange, planResources, type Sight } from "./plan-resources.ts";
import { type PlanRow, readPlan } from "./read-record.ts";
import {
  beginPlan,
  ensureModule,
  finishPlan,
  recordFound,
  recordRemoved,
  recordWanted,
} from "./write-record.ts";

/** Called in the environment's turn. */
export async function applyPlan(office: Office, request: NamespaceRequest, digest: string): Promise<Sight> {
  const sight = await planResources(office, request);
  if (sight.digest !== digest) requireBegun(request, await readPlan(office.pool, request), { digest, sight });
  else await beginPlan(office.pool, request, { digest, changes: sight.changes });
  for (const change of sight.changes) {
    if (change.kind === "edition") continue;
    await carryOut(office, request, { change, sight, digest });
    office.afterChange();
  }
  await finishPlan(office.pool, request, { namespace: sight.ground.namespace, digest });
  return sight;
}

/** A plan that was begun, or done, is gone on with as long as nothing but its own changes is open. */
function requireBegun(
  request: NamespaceRequest,
  begun: PlanRow | undefined,
  { digest, sight }: { digest: string; sight: Sight },
): void {
  const same = begun?.digest === digest && digestOf(begun.request) === digestOf(request);
  const planned = new Set(begun?.changes.map(wordsOf));
  if (same && sight.changes.every((change) => planned.has(wordsOf(change)))) return;
  const now = sight.changes.map(wordsOf).join(", ") || "change nothing";
  throw planIsStale(request, `it would now ${now}`);
}

function wordsOf({ action, kind, name }: Pick<Change, "action" | "kind" | "name">): string {
  return `${action} ${kind} ${name}`;
}

async function carryOut(
  { pool, keepers }: Office,
  request: NamespaceRequest,
  step: { change: Exclude<Sight["changes"][number], EditionChange>; sight: Sight; digest: string },
): Promise<void> {
  const { change, sight, digest } = step;
  const { resource } = change;
  const { namespace } = sight.ground;
  const keeper = keepers[resource.kind];
  if (change.action === "delete") {
    await keeper.remove(resource, sight.site);
    await recordRemoved(pool, namespace, resource);
    return;
  }
  if (resource.moduleId !== "")
    await ensureModule(pool, {
      namespace,
      moduleId: resource.moduleId,
      storage: sight.wanted.storage,
      digest,
    });
  await recordWanted(pool, request, { namespace, resource });
  const found = await keeper.make(resource, sight.site);
  await recordFound(pool, namespace, { ...resource, found });
}
