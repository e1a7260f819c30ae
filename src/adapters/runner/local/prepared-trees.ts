/**
 * Built trees that wait for their tests, by build key. A tree is used once: tests may change it. It is used
 * where it was built, because tools write absolute paths into what they make; so another process than the
 * one that built it makes its own.
 */
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { reclaim, removeFolder, sweepOldFolders } from "./private-folders.ts";

export interface PreparedTrees {
  keep(key: string, folder: string): Promise<void>;
  claim(key: string): Promise<string | undefined>;
  sweep(now: Date): Promise<void>;
}

export function openPreparedTrees(root: string): PreparedTrees {
  const builtAt = new Map<string, string>();
  return {
    async keep(key, folder) {
      await mkdir(root, { recursive: true });
      await rename(folder, join(root, key)).then(() => builtAt.set(key, folder), ignoreTaken);
      await removeFolder(folder);
    },
    async claim(key) {
      const folder = builtAt.get(key);
      if (folder === undefined || !builtAt.delete(key)) return undefined;
      reclaim(folder);
      return rename(join(root, key), folder).then(
        () => folder,
        (error: NodeJS.ErrnoException) => {
          if (error.code === "ENOENT") return undefined;
          throw error;
        },
      );
    },
    async sweep(now) {
      await mkdir(root, { recursive: true });
      await sweepOldFolders(root, now);
    },
  };
}

/** Another run of the same commit has put its tree there: one is enough. */
function ignoreTaken(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
}
