/** Instances on this host by their marker: by the control group that they are in, else by their environment. */
import type { Identity } from "../runtime.ts";
import { markerOfProcess } from "./instance-group.ts";
import { identify, isLeader, markerInEnvironment, processIds } from "./process-identity.ts";

/** Leaders by marker. An instance whose leader is gone is found by any process of it, to be ended. */
export function findInstances(markerPrefix: string): Map<string, Identity> {
  const directory = markerPrefix.slice(0, markerPrefix.indexOf("|"));
  const found = new Map<string, Identity>();
  const orphans = new Map<string, Identity>();
  for (const pid of processIds()) {
    const marker = markerOfProcess(pid, directory) ?? markerInEnvironment(pid);
    if (marker === undefined || !marker.startsWith(markerPrefix) || isRunBeside(marker)) continue;
    const identity = identify(pid);
    if (identity !== undefined) (isLeader(pid) ? found : orphans).set(marker, identity);
  }
  return new Map([...orphans, ...found]);
}

/** Names a command that runs beside an instance; it ends with whoever asked for it. */
export const runMark = "!";

function isRunBeside(marker: string): boolean {
  return marker.includes(runMark);
}
