/** Takes over whatever an earlier supervisor left: adopted, started again, ended, or marked as gone. */
import type { TargetName } from "../../../../domain/tenant/tenant.ts";
import type { Identity } from "../runtimes/runtime.ts";
import { drainAndEnd } from "./acts/drain-and-end.ts";
import { finishRetiring } from "./acts/retire.ts";
import type { Instance } from "./instance.ts";
import type { Release } from "./release.ts";
import { backendId, placeKey } from "./routing.ts";
import type { Supervisor } from "./supervisor.ts";

export async function resume(supervisor: Supervisor, runtimes: TargetName[]): Promise<void> {
  const prefix = `${supervisor.layout.directory}|`;
  for (const name of runtimes) {
    const runtime = supervisor.runtime(name);
    const marked = await runtime.find(prefix);
    supervisor.commands.resume(name, marked);
    for (const release of supervisor.all()) {
      if (release.record.runtime === name) await adoptInstances(supervisor, release, marked);
    }
    for (const orphan of marked.values()) await runtime.kill(orphan);
  }
  await supervisor.routing.apply();
  for (const release of supervisor.all()) finish(supervisor, release);
}

/** Takes its instances out of what was found. */
async function adoptInstances(
  supervisor: Supervisor,
  release: Release,
  marked: Map<string, Identity>,
): Promise<void> {
  for (const instance of release.instances) {
    const marker = `${supervisor.layout.directory}|${backendId(release, instance)}`;
    // An earlier version's marker had no number.
    const names = instance.record.index === 0 ? [marker, marker.replace(/#0$/, "")] : [marker];
    const left = [instance.record.identity, ...names.map((name) => marked.get(name))];
    for (const name of names) marked.delete(name);
    let adopted = false;
    for (const identity of left) adopted ||= identity !== undefined && (await instance.adopt(identity));
    if (!adopted && release.record.wanted === "running") bringBack(release, instance);
  }
}

function bringBack(release: Release, instance: Instance): void {
  const { record } = instance;
  delete record.identity;
  if (release.hasTraffic && record.phase !== "failed") {
    record.reason = "it ended with its supervisor and is starting again";
    void instance.relaunch();
  } else if (record.phase === "starting" || record.phase === "ready") {
    record.reason = "it ended while no supervisor watched it";
    record.phase = record.phase === "starting" ? "failed" : "crashed";
  }
}

/** What was being ended is ended, behind what people ask for from now on. */
function finish(supervisor: Supervisor, release: Release): void {
  const { record } = release;
  void supervisor.inTurn(placeKey(record.spec), async () => {
    if (record.wanted === "stopped") {
      if (record.instances.some(({ identity }) => identity !== undefined))
        await finishRetiring(supervisor, release);
      return;
    }
    const leaving = release.surplus();
    if (leaving.length === 0) return;
    await drainAndEnd(supervisor, release, leaving);
    release.remove(leaving);
    await supervisor.persistLater();
  });
}
