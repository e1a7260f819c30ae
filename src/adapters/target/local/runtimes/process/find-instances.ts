/** Instances on this host by their marker: by the control group that they are in, else by their environment. */
import type { Identity } from "../runtime.ts";
import { markerOfProcess } from "./instance-group.ts";
import { identify, markerInEnvironment, processIds } from "./process-identity.ts";

/** The oldest process of each instance, by marker: its leader, unless that is gone and has left others behind. */
export function findInstances(markerPrefix: string): Map<string, Identity> {
  const directory = markerPrefix.slice(0, markerPrefix.indexOf("|"));
  const found = new Map<string, Identity>();
  for (const pid of processIds()) {
    const marker = markerOfProcess(pid, directory) ?? markerInEnvironment(pid);
    if (marker === undefined || !marker.startsWith(markerPrefix) || isRunBeside(marker)) continue;
    const identity = identify(pid);
    const known = found.get(marker);
    if (identity === undefined || (known !== undefined && ageOf(known) <= ageOf(identity))) continue;
    found.set(marker, identity);
  }
  return found;
}

/** Its start in the kernel's ticks since the boot. */
function ageOf({ startTime }: Identity): number {
  return Number(startTime.slice(startTime.lastIndexOf("/") + 1));
}

/** Names a command that runs beside an instance; it ends with whoever asked for it. */
export const runMark = "!";

function isRunBeside(marker: string): boolean {
  return marker.includes(runMark);
}
