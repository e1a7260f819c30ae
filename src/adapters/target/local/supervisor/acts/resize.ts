/** Brings a release to a number of instances: new ones are launched, those too many are drained and ended. */
import type { RunningRelease, Watch } from "../../../../../ports/target.ts";
import type { Release } from "../release.ts";
import type { Supervisor } from "../supervisor.ts";
import { viewOf } from "../view.ts";
import { drainAndEnd } from "./drain-and-end.ts";

/** In turn. Returns what waits until the instances have settled. */
export async function resize(
  supervisor: Supervisor,
  release: Release,
  replicas: number,
  watch: Watch,
): Promise<() => Promise<RunningRelease>> {
  const { record } = release;
  const before = record.replicas;
  // What ended or failed is begun anew; nothing of it runs, so this takes no time.
  const dead = release.dead();
  await Promise.all(dead.map((instance) => instance.end()));
  release.remove(dead);
  record.replicas = replicas;
  const added = release.addMissing();
  await Promise.all(added.map((instance) => supervisor.choosePort(record, instance.record)));
  await supervisor.change(() => () => {
    record.replicas = before;
    release.remove(added);
  });
  for (const instance of added) void instance.launch();
  const leaving = release.surplus();
  if (leaving.length > 0) {
    await drainAndEnd(supervisor, release, leaving);
    release.remove(leaving);
    await supervisor.persistLater();
  }
  return async () => {
    const tell = (line: string) => watch.progress(line);
    release.on("progress", tell);
    try {
      await release.settled(watch.signal);
    } finally {
      release.off("progress", tell);
    }
    return await viewOf(supervisor, release);
  };
}
