/** Small packs would pile up, one a commit: git rolls them up so that each is at least twice the next smaller one. */
import { readdirSync } from "node:fs";
import { open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Repository } from "./repository.ts";
import { runGit } from "./run-git.ts";

/** More than `gc.autoPackLimit`: a search among them costs git little, and to start it for each fifty much. */
const usual = 100;
/** A lock this old belongs to a process that is gone. */
const staleMs = 10 * 60_000;

/** Nothing is lost by it, reachable or not, and a failure leaves things as they are until the next time. */
export async function rollUpPacks(
  { gitDir }: Repository,
  { mostPacks = usual }: { mostPacks?: number } = {},
): Promise<void> {
  const names = readdirSync(join(gitDir, "objects", "pack"));
  if (names.filter((name) => name.endsWith(".idx")).length <= mostPacks) return;
  const lock = join(gitDir, "roll-up.lock");
  if (!(await acquire(lock))) return;
  try {
    await runGit(["repack", "--geometric=2", "-d", "-q"], { gitDir, accept: [1, 128] });
  } finally {
    await rm(lock, { force: true });
  }
}

async function acquire(lock: string): Promise<boolean> {
  const made = await open(lock, "wx").catch(() => undefined);
  if (made !== undefined) {
    await made.close();
    return true;
  }
  const found = await stat(lock).catch(() => undefined);
  // Removed for whoever comes next: two that see it at once must not both go on.
  if (found !== undefined && Date.now() - found.mtimeMs > staleMs) await rm(lock, { force: true });
  return false;
}
