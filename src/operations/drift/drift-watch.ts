/**
 * Compares every place of this host with what was approved: a set of differences is told to its delivery once, and
 * corrected where the environment's policy says so.
 */
import { digestOfDifferences } from "../../domain/drift/compare-with-approved.ts";
import { effectivePolicy } from "../../domain/release/effective-policy.ts";
import type { System } from "../system.ts";
import { findDrift, isCorrectable, type PlaceDrift } from "./find-drift.ts";
import { redeployRotated } from "./redeploy-rotated.ts";

export async function lookForDrift(system: System, signal: AbortSignal): Promise<void> {
  for (const place of await system.ledger.places()) {
    if (signal.aborted) return;
    const found = await findDrift(system, place);
    if (found === undefined) continue;
    const policy = effectivePolicy(await system.tenants.get(place.tenantId), place);
    const corrects = policy.drift === "correct";
    // A correction needs the approved bytes, so they are put aside while they are still the approved ones.
    if (corrects && found.differences.length === 0) await system.artifacts.secure(found.entry.artifact);
    if (found.differences.length > 0)
      await tellDrift(system, found, { correct: corrects && found.differences.some(isCorrectable) });
    if (policy.secretRotation === "redeploy" && found.differences.every((one) => !isCorrectable(one)))
      await redeployRotated(system, found);
  }
}

/** Whether it was new: the same differences are told again only after they were corrected, or where a person asks (`by`). */
export async function tellDrift(
  { engine, store }: Pick<System, "engine" | "store">,
  { place, entry, owner, differences }: PlaceDrift,
  { correct, by }: { correct: boolean; by?: { person: string; source: "/cli" | "/studio"; id: string } },
): Promise<boolean> {
  const { releaseId } = entry;
  const corrected = await store.events(owner, { names: ["DriftCorrected"] });
  const rounds = corrected.filter(({ data }) => data.releaseId === releaseId).length;
  const id = by?.id ?? `drift.${releaseId}.${digestOfDifferences(differences).slice(7, 23)}.${rounds}`;
  const { events } = await engine.append(owner, [
    {
      id,
      name: "DriftDetected",
      source: by?.source ?? "/engine",
      environment: place.environment,
      releaseId,
      data: {
        releaseId,
        correct,
        differences: differences.map((one) => ({ ...one })),
        ...(by !== undefined && { by: by.person }),
      },
    },
  ]);
  return events.length > 0;
}
