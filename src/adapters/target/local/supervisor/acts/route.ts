/** Shares a module's traffic out among its releases, by weight. */
import { refuse } from "../../../../../domain/refusal.ts";
import type { RunningRelease } from "../../../../../ports/target.ts";
import type { ReleaseTraffic } from "../../router/router-control.ts";
import type { RouteRequest } from "../protocol.ts";
import type { Release } from "../release.ts";
import { placeKey } from "../routing.ts";
import type { Share } from "../state.ts";
import type { Supervisor } from "../supervisor.ts";
import { listViews } from "../view.ts";

type Wanted = RouteRequest["shares"][number];

export function route(supervisor: Supervisor, request: RouteRequest): Promise<RunningRelease[]> {
  return supervisor.inTurn(placeKey(request), async () => {
    const wanted = request.shares.filter(({ weight }) => weight > 0);
    const standby = request.shares.flatMap(({ releaseId, weight }) => (weight > 0 ? [] : [releaseId]));
    requireWhole(wanted);
    const { routing } = supervisor;
    const same =
      isSame(routing.shares(request), wanted) &&
      (routing.standby[placeKey(request)] ?? []).join() === standby.join();
    if (!same) await share(supervisor, request, { wanted, standby });
    // Also where it is known: a call that broke off may not have told the router.
    await supervisor.routing.apply();
    const views = await listViews(supervisor, request);
    return views.filter(({ traffic }) => traffic);
  });
}

async function share(
  supervisor: Supervisor,
  place: RouteRequest,
  { wanted, standby }: { wanted: Wanted[]; standby: string[] },
): Promise<void> {
  const { routing, clock } = supervisor;
  const known = routing.shares(place);
  const gaining = wanted.filter(({ releaseId, weight }) => weight > (weightOf(known, releaseId) ?? 0));
  for (const { releaseId } of gaining) {
    const release = supervisor.get({ ...place, releaseId });
    requireReady(release);
    routing.requireFree(release.record.spec);
  }
  const counts = await supervisor.router.traffic();
  const shares = wanted.map(({ releaseId, weight }): Share => {
    const former = known.find((one) => one.releaseId === releaseId);
    if (former !== undefined) return { ...former, weight };
    const trafficBefore: ReleaseTraffic | undefined = counts[`${placeKey(place)}/${releaseId}`];
    const { exits } = supervisor.get({ ...place, releaseId }).record;
    const since = clock.now().toISOString();
    return { releaseId, weight, since, exitsBefore: exits, ...(trafficBefore && { trafficBefore }) };
  });
  await supervisor.change(() => routing.set(place, shares, standby));
}

function requireWhole(wanted: Wanted[]): void {
  const sum = wanted.reduce((total, { weight }) => total + weight, 0);
  if (wanted.length > 0 && Math.abs(sum - 100) > 0.001)
    throw refuse("InputInvalid", `weights: expected numbers that add up to 100, got ${sum}`);
  if (new Set(wanted.map(({ releaseId }) => releaseId)).size < wanted.length)
    throw refuse("InputInvalid", "weights: expected each release once");
}

function requireReady(release: Release): void {
  const state = release.state();
  if (state === "ready" || state === "serving") return;
  const { releaseId, moduleId } = release.record.spec;
  throw refuse(
    "Conflict",
    `${releaseId} of ${moduleId} cannot take traffic: it is ${state}, expected ready`,
    "start it first",
  );
}

function isSame(shares: Share[], wanted: Wanted[]): boolean {
  return (
    shares.length === wanted.length &&
    wanted.every(({ releaseId, weight }) => weightOf(shares, releaseId) === weight)
  );
}

function weightOf(shares: Share[], releaseId: string): number | undefined {
  return shares.find((share) => share.releaseId === releaseId)?.weight;
}
