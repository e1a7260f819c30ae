/**
 * Removes from our compile cache what nobody has read for a month: Node itself removes nothing, and keeps one file for
 * each path that it ever compiled, in a folder for each version of it. What goes while others read it is compiled anew.
 */
import { type Dirent, existsSync } from "node:fs";
import { readdir, rm, rmdir, stat, unlink, writeFile } from "node:fs/promises";
import path from "node:path";

export interface Forgetting {
  /** Node's compile cache; one that is not ours is left alone. */
  folder: string | undefined;
  now: number;
}

const dayMs = 24 * 3_600_000;
const unreadMs = 30 * dayMs;
const inTurn = 50;

/** How many files went. Once a day for all servers of a user, whichever comes first. */
export async function forgetCompiledCode({ folder, now }: Forgetting): Promise<number> {
  if (folder === undefined || !isOurs(folder) || !existsSync(folder)) return 0;
  const looked = path.join(folder, ".looked");
  if (now - (await lastUse(looked)) < dayMs) return 0;
  await writeFile(looked, "");
  const entries = await readdir(folder, { withFileTypes: true });
  const counts: number[] = [];
  for (const entry of entries.filter((one) => one.isDirectory()))
    counts.push(await forgetIn(path.join(folder, entry.name), now));
  const gone = counts.reduce((sum, count) => sum + count, 0);
  if (gone > 0) await unmark(folder, entries);
  return gone;
}

/** A folder that the user chose may be read by programs that are none of ours. */
function isOurs(folder: string): boolean {
  return folder.endsWith(path.join("connectsoft-delivery", "compile-cache"));
}

async function forgetIn(generation: string, now: number): Promise<number> {
  const since = await lastUse(generation);
  const files = await readdir(generation);
  let gone = 0;
  for (let from = 0; from < files.length; from += inTurn) {
    const these = files.slice(from, from + inTurn).map((name) => path.join(generation, name));
    const removed = await Promise.all(these.map((file) => forgetUnread(file, now)));
    gone += removed.filter(Boolean).length;
  }
  // Only where it is empty, and was not made a moment ago by a process that has yet to write.
  if (now - since > unreadMs) await rmdir(generation).catch(() => undefined);
  return gone;
}

async function forgetUnread(file: string, now: number): Promise<boolean> {
  if (now - (await lastUse(file)) <= unreadMs) return false;
  return await unlink(file).then(
    () => true,
    // Another server was faster, or Windows keeps what is read.
    () => false,
  );
}

/** Where access times are not kept, what is in use goes once a month as well, and is written again. */
async function lastUse(file: string): Promise<number> {
  const found = await stat(file).catch(() => undefined);
  return found === undefined ? 0 : Math.max(found.atimeMs, found.mtimeMs);
}

/** They say that the code of a program is there whole, which nobody knows any more. */
async function unmark(folder: string, entries: Dirent[]): Promise<void> {
  const marks = entries.filter(({ name }) => name.endsWith(".compiled"));
  await Promise.all(marks.map(({ name }) => rm(path.join(folder, name), { force: true })));
}
