/**
 * One process at a time for a task on this machine; a lock whose process has died is taken over. `does` completes
 * "Another process ...", for whoever waits.
 */
import { createHash } from "node:crypto";
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { cacheDirectory } from "./node-runtime.mjs";

export async function withLock({ name, subject, does }, task) {
  const hash = createHash("sha256").update(subject).digest("hex").slice(0, 12);
  const lock = path.join(cacheDirectory(), `${name}-${hash}.lock`);
  mkdirSync(cacheDirectory(), { recursive: true });
  let told = false;
  while (!take(lock)) {
    if (!told) process.stderr.write(`Another process ${does}; waiting for it ...\n`);
    told = true;
    await pause(200);
  }
  const heart = setInterval(() => utimesSync(lock, new Date(), new Date()), 2_000);
  try {
    return await task();
  } finally {
    clearInterval(heart);
    rmSync(lock, { force: true });
  }
}

/** A hard link appears with its content or not at all. */
function take(lock) {
  const own = `${lock}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, lock);
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    breakStale(lock);
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

function breakStale(lock) {
  const holder = read(lock);
  if (holder === undefined || (isAlive(Number(holder)) && isFresh(lock))) return;
  const aside = `${lock}.stale-${process.pid}`;
  try {
    renameSync(lock, aside);
    // Somebody may have taken it over since we looked: give it back.
    if (read(aside) !== holder) linkSync(aside, lock);
  } catch {
    // It went by itself.
  } finally {
    rmSync(aside, { force: true });
  }
}

/** In a container that was started again, the pid of a dead holder may belong to a stranger, or to ourselves. */
function isFresh(lock) {
  const { mtimeMs } = statSync(lock, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
  return Date.now() - mtimeMs < 30_000;
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}
