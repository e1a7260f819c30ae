/** Watches a release under traffic; resolves at the first failure, or at the end of the window. */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { refuse } from "../../../../../domain/refusal.ts";
import { regressionIn } from "../../../../../domain/rollout/regression.ts";
import type { RunningRelease } from "../../../../../ports/target.ts";
import { trafficSince } from "../../router/router-control.ts";
import type { VerifyRequest } from "../protocol.ts";
import type { Release } from "../release.ts";
import { placeKey } from "../routing.ts";
import type { Share } from "../state.ts";
import type { Supervisor } from "../supervisor.ts";
import { viewOf } from "../view.ts";

const readTrafficMs = 250;

export async function verify(
  supervisor: Supervisor,
  request: VerifyRequest,
  signal: AbortSignal,
): Promise<RunningRelease> {
  const release = supervisor.get(request);
  const share = supervisor.routing.share(release);
  if (share === undefined) {
    const { releaseId, moduleId } = request;
    throw refuse(
      "Conflict",
      `${releaseId} of ${moduleId} has no traffic to be watched under`,
      "route traffic to it first",
    );
  }
  const end = AbortSignal.timeout(request.windowMs);
  const either = AbortSignal.any([signal, end]);
  const regression = await createTrafficJudge(supervisor, request);
  for (;;) {
    const isOver = either.aborted;
    const reason = failureSince(supervisor, release, share) ?? (await regression());
    if (reason !== undefined) return { ...(await viewOf(supervisor, release)), state: "failed", reason };
    if (isOver) break;
    await somethingChanges(release, request.limits === undefined ? undefined : readTrafficMs, either);
  }
  signal.throwIfAborted();
  return await viewOf(supervisor, release);
}

/** Judges what the router counted since now. */
async function createTrafficJudge(
  { router }: Supervisor,
  request: VerifyRequest,
): Promise<() => Promise<string | undefined>> {
  const { limits } = request;
  if (limits === undefined) return async () => undefined;
  const key = `${placeKey(request)}/${request.releaseId}`;
  const before = (await router.traffic())[key];
  return async () => {
    const now = (await router.traffic())[key];
    return now === undefined ? undefined : regressionIn(limits, trafficSince(before, now));
  };
}

/** Why a serving release has failed since it took the traffic, or undefined. */
function failureSince(supervisor: Supervisor, release: Release, share: Share): string | undefined {
  if (supervisor.routing.share(release) === undefined)
    return "its traffic was taken away while it was watched";
  const { record, instances } = release;
  const down = instances.find(({ record: { phase } }) => phase === "crashed" || phase === "failed");
  if (down !== undefined)
    return about(release, down.record.index, down.record.reason ?? `it is ${down.record.phase}`);
  if (instances.length === 0) return "it has no instances";
  if (record.exits > share.exitsBefore) return "it ended and was started again since it took the traffic";
  for (const instance of instances) {
    const ill = instance.unhealthy();
    if (ill !== undefined)
      return about(release, instance.record.index, `its ${ill.probe} probe fails: ${ill.last}`);
  }
  return undefined;
}

function about(release: Release, index: number, words: string): string {
  return release.instances.length > 1 ? `instance #${index}: ${words}` : words;
}

async function somethingChanges(
  release: Release,
  atMostMs: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const options = { signal: AbortSignal.any([over.signal, signal]) };
  const facts = [
    once(release, "change", options),
    ...(atMostMs === undefined ? [] : [sleep(atMostMs, undefined, options)]),
  ];
  await Promise.race(facts).catch(() => undefined);
  over.abort();
  await Promise.allSettled(facts);
}
