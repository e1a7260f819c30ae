/** Removes what killed processes left behind: nobody comes back for it. */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Repository, scratchFolder } from "./repository.ts";

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;

/** When a repository was last swept by this process. */
const swept = new Map<string, number>();

/** Looks once an hour at most. */
export async function sweepLeftOvers(root: string, { gitDir }: Repository, now: Date): Promise<void> {
  if (now.getTime() - (swept.get(gitDir) ?? 0) < hourMs) return;
  swept.set(gitDir, now.getTime());
  const objects = join(gitDir, "objects");
  await Promise.all([
    sweep(join(root, scratchFolder), { name: /^/, olderThanMs: dayMs, now }),
    sweep(objects, { name: /^tmp_objdir-/, olderThanMs: dayMs, now }),
    sweep(join(objects, "pack"), { name: /^\.?tmp[_-]/, olderThanMs: dayMs, now }),
    // A fetch ends within minutes, and its ref with it.
    sweep(join(gitDir, "refs", "fetches"), { name: /^/, olderThanMs: hourMs, now }),
  ]);
}

async function sweep(folder: string, what: { name: RegExp; olderThanMs: number; now: Date }): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((name) => what.name.test(name))) {
    const place = join(folder, name);
    const found = await stat(place).catch(() => undefined);
    const age = found === undefined ? 0 : what.now.getTime() - found.mtimeMs;
    if (age > what.olderThanMs) await rm(place, { recursive: true, force: true });
  }
}
