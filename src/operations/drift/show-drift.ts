/** What differs now, place by place; and its correction, asked for by a person. */
import { z } from "zod";
import type { Difference } from "../../domain/drift/compare-with-approved.ts";
import { wantsOf } from "../../domain/environment/wants-of.ts";
import { refuse } from "../../domain/refusal.ts";
import { slug } from "../../domain/scope.ts";
import { fetchFlows } from "../find-delivery.ts";
import { type Caller, type System, sourceOf } from "../system.ts";
import { tellDrift } from "./drift-watch.ts";
import { findDrift, isCorrectable, type PlaceDrift } from "./find-drift.ts";

export const driftInput = z.object({ environment: slug.optional(), moduleId: slug.optional() });

export interface DriftReport {
  /** Places that were looked at, with what differs there. */
  places: {
    environment: string;
    moduleId: string;
    releaseId: string;
    version: string;
    differences: Difference[];
  }[];
}

export async function showDrift(
  system: System,
  caller: Caller,
  input: z.output<typeof driftInput>,
): Promise<DriftReport> {
  return { places: (await findAll(system, caller, input)).map(reportOf) };
}

export interface CorrectionsAsked extends DriftReport {
  /** Of those that differ, where a correction has begun. */
  asked: { environment: string; moduleId: string; releaseId: string }[];
}

export async function correctDrift(
  system: System,
  caller: Caller,
  input: z.output<typeof driftInput>,
): Promise<CorrectionsAsked> {
  const found = await findAll(system, caller, input);
  const drifted = found.filter(({ differences }) => differences.some(isCorrectable));
  for (const one of drifted) await ask(system, caller, one);
  const asked = drifted.map(({ place: { environment, moduleId }, entry }) => ({
    environment,
    moduleId,
    releaseId: entry.releaseId,
  }));
  return { places: found.map(reportOf), asked };
}

async function ask(system: System, caller: Caller, drift: PlaceDrift): Promise<void> {
  const { owner, place, entry } = drift;
  const record = await system.store.load(owner);
  const instance = record?.state.instances[place.environment];
  if (record !== undefined && instance !== undefined) {
    await fetchFlows(system, record);
    const environments = record.handOver?.environments ?? [];
    const flow = system.engine.flows.get(instance.flow.digest);
    const accepted = flow.accepts(instance.snapshot, { environments, environment: place.environment });
    if (instance.halted !== true && accepted.includes("DriftDetected")) {
      const by = { person: caller.person, source: sourceOf(caller), id: `drift.${system.newId()}` };
      await tellDrift(system, drift, { correct: true, by });
      return;
    }
  }
  throw refuse(
    "Conflict",
    `${entry.releaseId} of ${place.moduleId} in ${place.environment} cannot be corrected now: its delivery ${owner.traceId} is not live there.`,
    `See what it waits for: connectsoft explain ${owner.traceId} --module ${place.moduleId}`,
  );
}

async function findAll(
  system: System,
  caller: Caller,
  { environment, moduleId }: z.output<typeof driftInput>,
): Promise<PlaceDrift[]> {
  const places = (await system.ledger.places()).filter(
    (place) =>
      place.tenantId === caller.tenantId &&
      (environment === undefined || place.environment === environment) &&
      (moduleId === undefined || place.moduleId === moduleId),
  );
  // "Nothing differs" would be said of a place that is not there.
  if (environment !== undefined && places.length === 0)
    wantsOf(await system.tenants.get(caller.tenantId), environment);
  const found: PlaceDrift[] = [];
  for (const place of places) {
    const one = await findDrift(system, place);
    if (one !== undefined) found.push(one);
  }
  return found;
}

function reportOf({ place, entry, differences }: PlaceDrift): DriftReport["places"][number] {
  const { environment, moduleId } = place;
  const { releaseId, version } = entry;
  return { environment, moduleId, releaseId, version, differences };
}
