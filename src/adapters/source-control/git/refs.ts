/** Moving refs by compare-and-set, also past a lock file that a killed git left behind. */
import { existsSync } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { askSession, SessionEnded } from "./git-session.ts";
import { readObject } from "./object-reader.ts";
import type { Repository } from "./repository.ts";
import { gitFailure } from "./run-git.ts";

/** git holds a ref's lock for milliseconds; one this old belongs to a process that is gone. */
const staleLockMs = 5_000;
const lockPollMs = 100;
const nothing = "0".repeat(40);

export interface RefMove {
  ref: string;
  /** What the ref must point to now; undefined: it must not be there. */
  from: string | undefined;
  to: string;
}

/** False where the ref points elsewhere by now; the caller looks again. */
export async function moveRef(repository: Repository, move: RefMove): Promise<boolean> {
  const line = `update ${move.ref} ${move.to} ${move.from ?? nothing}`;
  return await changeRefs(repository, [line]);
}

const lostRace = /but expected|reference already exists|reference is missing|unable to resolve reference/;

/** Commands of `git update-ref --stdin`, all of them or none; false where a ref is not where it was expected. */
async function changeRefs(repository: Repository, commands: string[]): Promise<boolean> {
  const { gitDir } = repository;
  const input = ["start", ...commands, "prepare", "commit", ""].join("\n");
  for (;;) {
    try {
      await askSession(gitDir, ["update-ref", "--stdin"], { input, parse: untilCommitted });
      return true;
    } catch (error) {
      if (!(error instanceof SessionEnded)) throw error;
      if (lostRace.test(error.stderr)) return false;
      await passLock(repository, commands, error.stderr);
    }
  }
}

function untilCommitted(output: Buffer): { value: true; length: number } | number {
  const done = "commit: ok\n";
  const at = output.indexOf(done);
  return at < 0 ? output.length + 1 : { value: true, length: at + done.length };
}

/** More than any real contention: whoever loses, somebody else's commit has landed. */
const mostAttempts = 1_000;

/** Tries until the branch did not move in between; `work` answers undefined where it did. */
export async function untilLanded<T>(ref: string, work: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const result = await work();
    if (result !== undefined) return result;
  }
  throw new Error(
    `${ref} could not be moved in ${mostAttempts} attempts; see whether it can be read: git fsck`,
  );
}

/** Keeps an object alive against garbage collection; repeating it changes nothing. */
export async function keep(repository: Repository, object: string): Promise<void> {
  if (await isKept(repository, object)) return;
  await changeRefs(repository, [`update ${keptAs(object)} ${object}`]);
}

/** True where it is stored whole: what is kept was stored with all that belongs to it. */
export async function isKept(repository: Repository, object: string): Promise<boolean> {
  // To look for what is not there costs git a look into every pack.
  const there = existsSync(join(repository.gitDir, keptAs(object)));
  return there && (await readObject(repository, object)) !== undefined;
}

function keptAs(object: string): string {
  return `refs/imports/${object}`;
}

/** Waits for a lock that is held, removes one that was left behind; anything else is an error. */
async function passLock(repository: Repository, commands: string[], stderr: string): Promise<void> {
  const [, lock] = /Unable to create '(.+\.lock)': File exists/.exec(stderr) ?? [];
  if (lock?.startsWith(repository.gitDir) !== true) {
    const words = `${repository.name}: ${commands.join(", ")}: ${stderr}`;
    throw gitFailure(["update-ref"], { exitCode: 128, stdout: Buffer.of(), stderr: words });
  }
  if (!(await removeStale(lock))) await delay(lockPollMs);
}

async function removeStale(lock: string): Promise<boolean> {
  const found = await stat(lock).catch(() => undefined);
  if (found === undefined) return true;
  // A time to come is no sign of life: a clock was set back.
  if (Math.abs(Date.now() - found.mtimeMs) < staleLockMs) return false;
  const aside = `${lock}.stale-${found.ino}`;
  await rename(lock, aside).catch(() => undefined);
  const moved = await stat(aside).catch(() => undefined);
  // Another process was faster, and what was moved is the live lock of a third: it goes back.
  if (moved !== undefined && moved.ino !== found.ino) await rename(aside, lock);
  else await rm(aside, { force: true });
  return true;
}
