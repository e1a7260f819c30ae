/** Has a release proposed anew whose secrets have newer versions: it goes the whole way, and is approved where policy asks for it. */
import { digestOf } from "../../domain/canonical-json.ts";
import { fetchFlows } from "../find-delivery.ts";
import type { System } from "../system.ts";
import type { PlaceDrift } from "./find-drift.ts";

/** Once for each set of versions; not while the delivery is on another way than live. */
export async function redeployRotated(
  system: System,
  { place, entry, owner, differences }: PlaceDrift,
): Promise<void> {
  const rotated = differences.find(({ kind }) => kind === "secret-version");
  const record = await system.store.load(owner);
  const instance = record?.state.instances[place.environment];
  if (rotated === undefined || record === undefined || instance === undefined || instance.halted === true)
    return;
  await fetchFlows(system, record);
  const environments = record.handOver?.environments ?? [];
  const flow = system.engine.flows.get(instance.flow.digest);
  const accepted = flow.accepts(instance.snapshot, { environments, environment: place.environment });
  if (!accepted.includes("DeployRequested")) return;
  const { environment } = place;
  const { releaseId, version } = entry;
  await system.engine.append(owner, [
    {
      id: `rotated.${releaseId}.${digestOf(rotated.found ?? "").slice(7, 23)}`,
      name: "DeployRequested",
      source: "/engine",
      environment,
      data: {
        by: "policy:secretRotation",
        version,
        reason: `${rotated.variables?.join(", ")} changed since ${releaseId} was deployed`,
      },
    },
  ]);
}
