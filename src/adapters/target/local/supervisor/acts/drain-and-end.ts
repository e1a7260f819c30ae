/** Ends instances once nothing is sent to them and nothing is under way. */
import type { Instance } from "../instance.ts";
import type { Release } from "../release.ts";
import { backendId } from "../routing.ts";
import type { Supervisor } from "../supervisor.ts";

const drainMs = 10_000;

export async function drainAndEnd(
  supervisor: Supervisor,
  release: Release,
  leaving: Instance[],
): Promise<void> {
  for (const instance of leaving) instance.leave();
  await supervisor.routing.apply();
  await supervisor.router.drain(
    leaving.map((instance) => backendId(release, instance)),
    drainMs,
  );
  await Promise.all(leaving.map((instance) => instance.end()));
  await supervisor.routing.apply();
}
