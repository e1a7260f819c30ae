/** The desired state: written whole, fsynced and renamed, before it is acted upon. Secrets are not in it. */
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ProcessIdentity } from "../runtimes/process/process-identity.ts";
import type { ServiceSpec } from "./protocol.ts";

export interface ServiceRecord {
  spec: ServiceSpec;
  /** Digest of spec and environment: the same release asked for again is the same in every byte. */
  specDigest: string;
  /** The release directory. */
  directory: string;
  wanted: "running" | "stopped";
  phase: "starting" | "ready" | "stopped" | "crashed" | "failed";
  process?: ProcessIdentity;
  port?: number;
  /** Loopback address that it was found on: `127.0.0.1`, or `::1` for services that bind `localhost` there. */
  address?: string;
  startedAt?: string;
  startupTimeMs?: number;
  restartCount: number;
  exit?: { code: number | null; signal: string | null };
  exitedAt?: string;
  reason?: string;
}

export interface State {
  routerPort?: number;
  services: ServiceRecord[];
  /** `<namespace>/<moduleId>` to the release that has its traffic. */
  routes: Record<string, { releaseId: string; since: string }>;
}

export async function readState(path: string): Promise<State> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return text === undefined ? { services: [], routes: {} } : (JSON.parse(text) as State);
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

export async function writeEnvironment(folder: string, environment: Record<string, string>): Promise<void> {
  await replaceFile(environmentFile(folder), JSON.stringify(environment));
}

export async function readEnvironment(folder: string): Promise<Record<string, string>> {
  return JSON.parse(await readFile(environmentFile(folder), "utf8")) as Record<string, string>;
}

export async function removeEnvironment(folder: string): Promise<void> {
  await rm(environmentFile(folder), { force: true });
}

/** Writes snapshots one after the other; calls that come while one is written share the next write. */
export function createStateWriter(path: string, snapshot: () => State): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    next ??= running.then(() => {
      next = undefined;
      running = replaceFile(path, JSON.stringify(snapshot(), null, 1));
      return running;
    });
    return next;
  };
}

function environmentFile(folder: string): string {
  return join(folder, "environment.json");
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
