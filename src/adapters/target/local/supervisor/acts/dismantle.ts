/** Ends everything of a module here and forgets it, logs included. */
import { rm, rmdir } from "node:fs/promises";
import { dirname } from "node:path";
import type { TargetPlace } from "../../../../../ports/target.ts";
import { placeKey } from "../routing.ts";
import type { Supervisor } from "../supervisor.ts";
import { drainAndEnd } from "./drain-and-end.ts";
import { forgetRelease } from "./forget-release.ts";

export function dismantle(supervisor: Supervisor, place: TargetPlace): Promise<void> {
  return supervisor.inTurn(placeKey(place), async () => {
    const releases = supervisor.of(place);
    await supervisor.change(() => {
      const giveBack = supervisor.routing.set(place, []);
      const before = releases.map(({ record }) => record.wanted);
      for (const { record } of releases) record.wanted = "stopped";
      return () => {
        giveBack();
        for (const [index, { record }] of releases.entries()) record.wanted = before[index] ?? "stopped";
      };
    });
    await supervisor.commands.end((record) => placeKey(record) === placeKey(place));
    await Promise.all(releases.map((release) => drainAndEnd(supervisor, release, release.instances)));
    const folder = dirname(supervisor.folder({ ...place, releaseId: "any" }));
    await rm(folder, { recursive: true, force: true });
    // Forgotten last: whoever was killed before finds them, and can be told again.
    for (const release of releases) await forgetRelease(supervisor, release);
    supervisor.routing.forget(place);
    await supervisor.persistLater();
    await supervisor.routing.apply();
    await rmdir(dirname(folder)).catch(() => {});
  });
}
