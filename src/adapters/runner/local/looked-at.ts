/**
 * Digests of directories that hardly ever change. Reading every byte is dear, so between two readings a directory
 * counts as unchanged while the times, sizes and inodes of its files are: nobody writes to one without leaving those.
 */
import { createHash } from "node:crypto";
import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

export interface LookedAt {
  /** The digest by `read`, or the one that was read before where nothing seems to have changed since. */
  digest(folder: string, read: () => Promise<string>): Promise<string>;
}

/** `readEveryMs`: at the latest then it is read again, whatever it looks like. */
export function createLookedAt(options: { readEveryMs: number; monotonicMs?: () => number }): LookedAt {
  const { readEveryMs, monotonicMs = () => performance.now() } = options;
  const known = new Map<string, { look: string; digest: string; readAtMs: number }>();
  return {
    async digest(folder, read) {
      const before = known.get(folder);
      const look = await lookOf(folder);
      const fresh = before !== undefined && monotonicMs() - before.readAtMs < readEveryMs;
      if (fresh && before.look === look) return before.digest;
      const readAtMs = monotonicMs();
      const digest = await read();
      known.set(folder, { look, digest, readAtMs });
      return digest;
    },
  };
}

async function lookOf(folder: string): Promise<string> {
  const hash = createHash("sha256");
  const folders = [folder];
  for (let one = folders.pop(); one !== undefined; one = folders.pop()) {
    const children = await readdir(one, { withFileTypes: true });
    const parent = one;
    const looks = await Promise.all(
      children.map(async (child) => {
        const path = join(parent, child.name);
        if (child.isDirectory()) folders.push(path);
        const { ino, size, mode, mtimeMs, ctimeMs } = await lstat(path);
        return `${path} ${ino} ${size} ${mode} ${mtimeMs} ${ctimeMs}\0`;
      }),
    );
    for (const look of looks.sort()) hash.update(look);
  }
  return hash.digest("hex");
}
