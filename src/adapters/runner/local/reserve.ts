/** Second copies of artifacts, from which one that was changed where it lies is put back. */
import { mkdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { refuse } from "../../../domain/refusal.ts";
import { copyTree, flushTree } from "./copy-tree.ts";
import { privatePath, removeFolder } from "./private-folders.ts";
import { digestOfEntries, digestTree } from "./tree-digest.ts";

export interface Reserve {
  /** Keeps a copy of what lies in the folder, if that is what the digest says. There already: nothing to do. */
  secure(digest: string, folder: string): Promise<void>;
  /** Puts the copy in the folder's place; refuses with NotFound where there is none that is whole. */
  restore(digest: string, folder: string): Promise<void>;
}

export function createReserve(places: { reserve: string; unfinished: string; aside: string }): Reserve {
  const { reserve, unfinished, aside } = places;
  const copyOf = (digest: string) => join(reserve, digest.replace(":", "-"));
  return {
    async secure(digest, folder) {
      if (await isFolder(copyOf(digest))) return;
      await copyWhole({ from: folder, to: copyOf(digest), digest });
    },
    async restore(digest, folder) {
      if ((await isFolder(folder)) && (await digestTree(folder)) === digest) return;
      const copy = copyOf(digest);
      if (!(await isFolder(copy)) || (await digestTree(copy)) !== digest)
        throw refuse(
          "NotFound",
          `The approved files ${digest} are not on this host any more: they were changed, and no second copy was kept.`,
          "Build them again: connectsoft rebuild. Copies are kept where policy says drift: correct.",
        );
      if (await isFolder(folder)) {
        await mkdir(aside, { recursive: true });
        await rename(folder, privatePath(aside));
      }
      await copyWhole({ from: copy, to: folder, digest });
    },
  };

  /** Counts from its rename; a kill before leaves a folder that is swept. */
  async function copyWhole({
    from,
    to,
    digest,
  }: {
    from: string;
    to: string;
    digest: string;
  }): Promise<void> {
    await mkdir(unfinished, { recursive: true });
    await mkdir(reserve, { recursive: true });
    const copy = privatePath(unfinished);
    try {
      const { entries } = await copyTree(from, copy);
      // Changed since it was looked at: there is nothing to keep.
      if (digestOfEntries(entries) !== digest) return;
      await flushTree(copy);
      await rename(copy, to).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
      });
    } finally {
      await removeFolder(copy);
    }
  }
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}
