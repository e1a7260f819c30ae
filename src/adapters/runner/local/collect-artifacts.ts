/** Removes release directories that nobody needs. A directory is gone at its rename; a kill after that leaves a private folder, which is swept. */
import { mkdir, readdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { privatePath, removeFolder } from "./private-folders.ts";

const nameForm = /^sha256-[0-9a-f]{64}$/;

export interface Collection {
  removed: string[];
  kept: number;
}

export async function collectArtifacts(
  places: { folders: string[]; unfinished: string },
  needed: { keep: ReadonlySet<string>; olderThanMs: number; now: Date },
): Promise<Collection> {
  const removed: string[] = [];
  let kept = 0;
  for (const folder of places.folders)
    for (const name of await readdir(folder).catch(() => [])) {
      if (!nameForm.test(name)) continue;
      const digest = name.replace("-", ":");
      // What was made or looked for a moment ago may be on its way into the ledger.
      const { ctimeMs } = await stat(join(folder, name));
      if (needed.keep.has(digest) || needed.now.getTime() - ctimeMs < needed.olderThanMs) {
        kept += 1;
        continue;
      }
      await mkdir(places.unfinished, { recursive: true });
      const last = privatePath(places.unfinished);
      await rename(join(folder, name), last);
      await removeFolder(last);
      removed.push(digest);
    }
  return { removed: [...new Set(removed)].sort(), kept };
}
