/** Releases as people and agents see them. */
import type { RunningRelease, TargetPlace } from "../../../../ports/target.ts";
import { type ReleaseTraffic, trafficSince } from "../router/router-control.ts";
import { outputTail } from "../runtimes/read-output.ts";
import type { Instance } from "./instance.ts";
import type { Release } from "./release.ts";
import { launchOf } from "./release-host.ts";
import { ownHost, placeKey } from "./routing.ts";
import type { Supervisor } from "./supervisor.ts";

/** Those with traffic first, by weight; then the newest. */
export async function listViews(supervisor: Supervisor, place: TargetPlace): Promise<RunningRelease[]> {
  const views = await viewAll(supervisor, supervisor.of(place).reverse());
  return views.sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0));
}

export async function viewAll(
  supervisor: Supervisor,
  releases: Release[],
): Promise<(RunningRelease & TargetPlace)[]> {
  await supervisor.routing.applied();
  const counts = await supervisor.router.traffic();
  const views = await Promise.all(
    releases.map(async (release) => {
      const { namespace, moduleId } = release.record.spec;
      return { ...(await view(supervisor, release, counts)), namespace, moduleId };
    }),
  );
  // A probe may have failed meanwhile: an instance shown as unready gets no request any more.
  await supervisor.routing.applied();
  return views;
}

export async function viewOf(supervisor: Supervisor, release: Release): Promise<RunningRelease> {
  await supervisor.routing.applied();
  return await view(supervisor, release, release.hasTraffic ? await supervisor.router.traffic() : {});
}

async function view(
  supervisor: Supervisor,
  release: Release,
  counts: Record<string, ReleaseTraffic>,
): Promise<RunningRelease> {
  const { record } = release;
  const { releaseId, version, artifact } = record.spec;
  const share = supervisor.routing.share(release);
  const spokesman = release.spokesman();
  const counted = counts[`${placeKey(record.spec)}/${releaseId}`];
  const startups = record.instances.flatMap(({ startupTimeMs }) => startupTimeMs ?? []);
  return {
    ...(spokesman === undefined ? { healthStatus: [] } : await speak(supervisor, release, spokesman)),
    releaseId,
    version,
    artifact,
    state: stateOf(supervisor, release),
    traffic: share !== undefined,
    ...(share && { weight: share.weight }),
    url: `http://${ownHost(record.spec)}:${supervisor.router.port}/`,
    ...(startups.length > 0 && { startupTimeMs: Math.max(...startups) }),
    restartCount: record.instances.reduce((sum, { restartCount }) => sum + restartCount, 0),
    instances: release.instances.map((instance) => instance.view()),
    ...(share && counted && { measured: trafficSince(share.trafficBefore, counted) }),
  };
}

/** It serves once the router goes by it: who reads so may ask it in the same moment. */
function stateOf({ routing }: Supervisor, release: Release): RunningRelease["state"] {
  const state = release.state();
  return state === "serving" && !routing.isTold(release) ? "ready" : state;
}

/** What stands beside the instances is of one of them. */
async function speak(supervisor: Supervisor, release: Release, instance: Instance) {
  const {
    index: _index,
    state: _state,
    memoryBytes: _memory,
    processes: _processes,
    ...shown
  } = instance.view();
  const launch = launchOf(supervisor.layout, release.record, { instance: instance.record, environment: {} });
  const logTail = await outputTail(launch.folder);
  const enforcement = supervisor.runtime(release.record.runtime).enforcement(launch);
  return {
    ...shown,
    ...(logTail !== undefined && { logTail }),
    ...(enforcement.length > 0 && { enforcement }),
  };
}
