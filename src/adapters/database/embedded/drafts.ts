/** Folders under construction: made beside their place as `<place>.new-<pid>`, and renamed when they are whole. */
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { isAlive } from "../is-alive.ts";

export function draftOf(place: string): string {
  return `${place}.new-${process.pid}`;
}

/** Removes what killed processes have left, as far as it can: a child of theirs may still be writing, and the next start sweeps again. */
export async function sweepDrafts(place: string): Promise<void> {
  const parent = path.dirname(place);
  const prefix = `${path.basename(place)}.new-`;
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix)) continue;
    if (isOther(Number.parseInt(name.slice(prefix.length), 10))) continue;
    await rm(path.join(parent, name), { recursive: true, force: true }).catch(() => {});
  }
}

/** Whether a process other than this one has the pid. */
function isOther(pid: number): boolean {
  return pid !== process.pid && isAlive(pid);
}
