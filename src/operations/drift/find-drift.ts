/** What differs now between what runs at a place and what was approved for it. */

import { compareSecrets } from "../../domain/drift/compare-secrets.ts";
import { compareWithApproved, type Difference } from "../../domain/drift/compare-with-approved.ts";
import { RefusalError } from "../../domain/refusal.ts";
import type { Subject } from "../../domain/scope.ts";
import type { LedgerEntry, Place } from "../../ports/release-ledger.ts";
import type { System } from "../system.ts";

export interface PlaceDrift {
  place: Place;
  /** What serves by the ledger. */
  entry: LedgerEntry;
  /** The delivery that deployed it. */
  owner: Subject;
  differences: Difference[];
}

/** What was approved can be had again; newer versions of secrets were approved by nobody yet. */
export function isCorrectable({ kind }: Difference): boolean {
  return kind !== "secret-version";
}

/**
 * Undefined where nothing was deployed, where it runs on another host, or while a rollout moves it. Rejects
 * where the host cannot be looked at.
 */
export async function findDrift(system: System, place: Place): Promise<PlaceDrift | undefined> {
  const found = await look(system, place);
  if (found === undefined || found.differences.length === 0) return found;
  // What was seen in the middle of somebody's act is looked at again when nobody acts.
  return await system.ledger.inTurn(place, AbortSignal.timeout(patienceMs), () => look(system, place));
}

const patienceMs = 10_000;

async function look(system: System, place: Place): Promise<PlaceDrift | undefined> {
  const { ledger, store, targets, host } = system;
  const entry = await ledger.current(place);
  if (entry === undefined || (await ledger.leaseOf(place)) !== undefined) return undefined;
  const owner = await store.findByRelease(place.tenantId, entry.releaseId);
  const record = owner === undefined ? undefined : await store.load(owner);
  if (owner === undefined || record?.handOver?.host !== host) return undefined;
  const { namespace, moduleId, target = "process" } = entry.spec;
  const observed = await targets[target].observe({ namespace, moduleId });
  const { releaseId, version, artifact } = entry;
  const approved = { releaseId, version, artifact, replicas: entry.spec.replicas ?? 1 };
  return {
    place,
    entry,
    owner,
    differences: [...compareWithApproved(approved, observed), ...(await otherSecrets(system, entry))],
  };
}

/** A vault that is away tells of no difference: what runs, runs. */
async function otherSecrets({ settings }: System, entry: LedgerEntry): Promise<Difference[]> {
  const { tenantId, environment, moduleId, releaseId, version, spec } = entry;
  if (spec.secrets.length === 0) return [];
  const newest = await settings.listSecrets({ tenantId, environment, moduleId }).catch((error: unknown) => {
    if (error instanceof RefusalError) return spec.secrets;
    throw error;
  });
  return compareSecrets({ releaseId, version, secrets: spec.secrets }, newest);
}
