/**
 * Folders that belong to one running process: their name carries its pid. What a process that was killed
 * left behind is found by that and removed, with any process that still works in it.
 */
import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";

const mine = new Set<string>();
const longestLifeMs = 24 * 60 * 60 * 1000;

/** A new path that only this process uses; the folder is not made. */
export function privatePath(parent: string): string {
  const name = `${process.pid}-${randomUUID()}`;
  mine.add(name);
  return join(parent, name);
}

export async function makePrivateFolder(parent: string): Promise<string> {
  const folder = privatePath(parent);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Says again that a folder is this process's own, before it is there again under its name. */
export function reclaim(folder: string): void {
  mine.add(basename(folder));
}

/** Ends what still runs in it, then removes it; a folder that is not there is fine. */
export async function endAndRemove(folder: string): Promise<void> {
  await endProcessesOf(folder);
  await removeFolder(folder);
}

/** Removes a folder in which nothing runs. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  mine.delete(basename(folder));
}

/** Removes what processes that are gone left under a parent. */
export async function sweepFolders(parent: string, now: Date): Promise<void> {
  for (const name of await namesIn(parent)) {
    const folder = join(parent, name);
    if (await isStale(folder, name, now)) await endAndRemove(folder);
  }
}

/** Removes folders that were not touched for a day, whoever made them. */
export async function sweepOldFolders(parent: string, now: Date): Promise<void> {
  for (const name of await namesIn(parent)) {
    const folder = join(parent, name);
    if (await isOld(folder, now)) await endAndRemove(folder);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** A pid comes round again, above all in a container: our own pid with a name that we never made is a predecessor's. */
async function isStale(folder: string, name: string, now: Date): Promise<boolean> {
  const pid = Number(name.split("-", 1)[0]);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (pid === process.pid) return !mine.has(name);
  return !isRunning(pid) || (await isOld(folder, now));
}

async function isOld(folder: string, now: Date): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  return found !== undefined && now.getTime() - found.mtimeMs > longestLifeMs;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/**
 * Ends what works in a folder and waits until it is gone. Every step has its HOME there, and what it starts
 * inherits that, also what left its process group. Where there is no /proc, ending the group has to do.
 */
export async function endProcessesOf(folder: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const pids = await processesOf(folder);
    if (pids.length === 0) return;
    for (const pid of pids) endProcess(pid);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function processesOf(folder: string): Promise<number[]> {
  const mark = `HOME=${folder}/`;
  const found: number[] = [];
  for (const name of await namesIn("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const environment = await readFile(`/proc/${name}/environ`, "latin1").catch(() => "");
    if (environment.includes(mark)) found.push(Number(name));
  }
  return found;
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself between the look and the act.
  }
}
