/** The desired state: written whole, fsynced and renamed, before it is acted upon. */
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { RefusalError, refuse } from "../../../../domain/refusal.ts";
import type { State } from "./state.ts";
import { upgradeState } from "./upgrade-state.ts";

export async function readState(path: string): Promise<State> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return { version: 2, generation: 0, releases: [], routes: {}, commands: [] };
  return upgradeState(JSON.parse(text));
}

/** Replaces a file in one step that survives a crash, readable by its owner only. */
export async function replaceFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.new`;
  const file = await open(temporary, "w", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncDirectory(dirname(path));
}

/** Writes snapshots one after the other; calls that come while one is written share the next write. */
export function createStateWriter(path: string, snapshot: () => State): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  const write = () => onDisk(path, () => replaceFile(path, JSON.stringify(snapshot())));
  return () => {
    next ??= running
      .catch(() => {})
      .then(() => {
        next = undefined;
        running = write();
        return running;
      });
    return next;
  };
}

/** Refuses, in words, what the disk refuses. */
export async function onDisk(what: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (error instanceof RefusalError) throw error;
    const full = (error as NodeJS.ErrnoException).code === "ENOSPC";
    const why = full ? "the disk is full" : String(error);
    throw refuse(
      "Unavailable",
      `${what} cannot be written: ${why}; nothing was changed`,
      "make room, then try again",
    );
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
