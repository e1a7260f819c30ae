/** One module in one environment: what runs there by looking at it, and every release that was proposed for it. */
import { z } from "zod";
import { refuse } from "../../domain/refusal.ts";
import { historyEvents, type ReleaseRecord, releasesOf } from "../../domain/release/release-history.ts";
import { type ShownHealth, shownHealth } from "../../domain/rollout/shown-health.ts";
import { type Subject, slug } from "../../domain/scope.ts";
import type { RunningRelease } from "../../ports/target.ts";
import { runningAt } from "../running-at.ts";
import type { Caller, System } from "../system.ts";

export const showPlaceInput = z.object({
  environment: slug,
  moduleId: slug,
  /** Of the newest deliveries of the module: those before are in the audit. */
  deliveries: z.coerce.number().int().min(1).max(200).default(50),
});

export interface ShownPlace {
  environment: string;
  moduleId: string;
  /** What serves by the ledger; absent where nothing does. */
  serving?: ServingRelease;
  /** What the target shows, releases with traffic first; absent where the host does not answer. */
  running?: PlaceRelease[];
  /** Newest first. */
  releases: ReleaseRecord[];
}

export interface ServingRelease {
  releaseId: string;
  version: string;
  /** The delivery that deployed it. */
  subject: Subject;
  /** ISO 8601: when it took the traffic. */
  since: string;
  commit?: string;
  artifact: string;
}

export interface PlaceRelease extends Omit<RunningRelease, "logTail"> {
  health: ShownHealth;
}

/** Refuses with NotFound where no delivery of the module was ever proposed for the environment. */
export async function showPlace(
  system: System,
  caller: Caller,
  { environment, moduleId, deliveries }: z.output<typeof showPlaceInput>,
): Promise<ShownPlace> {
  const { tenantId } = caller;
  const place = { tenantId, environment, moduleId };
  const [current, running, releases] = await Promise.all([
    system.ledger.current(place),
    runningAt(system, place),
    releasesAt(system, place, deliveries),
  ]);
  if (current === undefined && releases.length === 0)
    throw refuse(
      "NotFound",
      `No release of ${moduleId} was ever proposed for ${environment} in ${tenantId}.`,
      "See what runs where: /deployments",
    );
  const deployed = releases.find(({ releaseId }) => releaseId === current?.releaseId);
  return {
    environment,
    moduleId,
    ...(current !== undefined && {
      serving: {
        releaseId: current.releaseId,
        version: current.version,
        subject: deployed?.subject ?? { tenantId, moduleId, traceId: current.traceId },
        since: current.at,
        artifact: current.artifact,
        ...(deployed?.commit !== undefined && { commit: deployed.commit }),
      },
    }),
    ...(running !== undefined && { running: running.map(shown) }),
    releases,
  };
}

async function releasesAt(
  { store }: System,
  { tenantId, environment, moduleId }: { tenantId: string; environment: string; moduleId: string },
  limit: number,
): Promise<ReleaseRecord[]> {
  const deliveries = await store.list({ tenantId, moduleId, limit });
  const chains = await Promise.all(
    deliveries.map(({ subject }) => store.events(subject, { names: historyEvents })),
  );
  return chains
    .flatMap((events) => releasesOf(events, environment))
    .sort((a, b) => (a.proposedAt < b.proposedAt ? 1 : -1));
}

function shown({ logTail: _logTail, ...release }: RunningRelease): PlaceRelease {
  return { ...release, health: shownHealth(release) };
}
