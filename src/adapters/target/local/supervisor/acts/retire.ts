/** Takes a release out of traffic where it has some, drains it, ends it, and keeps its records and logs for a while. */
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { NamedRelease, TargetPlace } from "../../../../../ports/target.ts";
import { secretFolderOf } from "../../runtimes/secret-files.ts";
import type { Release } from "../release.ts";
import { placeKey } from "../routing.ts";
import type { Supervisor } from "../supervisor.ts";
import { drainAndEnd } from "./drain-and-end.ts";
import { forgetRelease } from "./forget-release.ts";

/** Stopped releases of a module that are still listed, with their logs. */
const keptReleases = 10;

export function retire(supervisor: Supervisor, named: NamedRelease): Promise<void> {
  return supervisor.inTurn(placeKey(named), async () => {
    const release = supervisor.find(named);
    if (release === undefined) return;
    const { record } = release;
    await supervisor.change(() => {
      const { wanted } = record;
      const giveBack = supervisor.routing.drop(release);
      record.wanted = "stopped";
      return () => {
        record.wanted = wanted;
        giveBack();
      };
    });
    await finishRetiring(supervisor, release);
    await forgetOldest(supervisor, named);
  });
}

/** Of a release that is to be stopped, as it stands on disk. */
export async function finishRetiring(supervisor: Supervisor, release: Release): Promise<void> {
  await drainAndEnd(supervisor, release, release.instances);
  await supervisor.environments.remove(release.record.spec);
  await removeSecretFiles(supervisor.folder(release.record.spec));
  await supervisor.persistLater();
}

/** Of every instance that it ever had: their folders stay for their logs. */
async function removeSecretFiles(folder: string): Promise<void> {
  const instances = await readdir(folder).catch(() => []);
  await Promise.all(
    instances.map((instance) => rm(secretFolderOf(join(folder, instance)), { recursive: true, force: true })),
  );
}

async function forgetOldest(supervisor: Supervisor, place: TargetPlace): Promise<void> {
  const ended = supervisor.of(place).filter(({ record }) => record.wanted === "stopped");
  for (const release of ended.slice(0, Math.max(0, ended.length - keptReleases))) {
    await forgetRelease(supervisor, release);
    await supervisor.persistLater();
    await rm(supervisor.folder(release.record.spec), { recursive: true, force: true });
  }
}
