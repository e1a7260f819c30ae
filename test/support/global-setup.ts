/** One real PostgreSQL for a test run, with a template database that has every migration. */
import { chmod, mkdtemp, readdir, rm, statfs } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { findPostmaster } from "../../src/adapters/database/embedded/postmaster.ts";
import { startEmbeddedPostgres } from "../../src/adapters/database/embedded/start-embedded-postgres.ts";
import { migrate } from "../../src/adapters/database/migrate.ts";
import { openPool } from "../../src/adapters/database/open-database.ts";

declare module "vitest" {
  export interface ProvidedContext {
    databaseUrl: string;
  }
}

const prefix = "connectsoft-test-";
/** A file system in memory, where the host has one. */
const memory = "/dev/shm";
/** Bytes that a run may take at its height, several times over. */
const roomInMemory = 6 * 1024 ** 3;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweepKilledRuns();
  const directory = await mkdtemp(path.join(await placeOfData(), `${prefix}${process.pid}-`));
  // As root the server runs under another account, which must be able to pass.
  await chmod(directory, 0o711);
  const server = await startEmbeddedPostgres({
    dataDirectory: directory,
    log: () => {},
    settings: { fsync: "off", full_page_writes: "off", max_connections: "300" },
  });
  const stop = async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await createTemplate(server.url);
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide("databaseUrl", server.url);
  return stop;
}

/** Each test has a database of its own: hundreds of files that are gone a moment later, which costs a disk more than the test. */
async function placeOfData(): Promise<string> {
  const { bavail, bsize } = await statfs(memory).catch(() => ({ bavail: 0, bsize: 0 }));
  const room = Math.min(bavail * bsize, process.availableMemory());
  return room >= roomInMemory ? memory : os.tmpdir();
}

/** A run that was killed could not stop its server: the next one does. */
async function sweepKilledRuns(): Promise<void> {
  for (const place of [os.tmpdir(), memory])
    for (const name of await readdir(place).catch(() => [])) {
      const [, pid] = new RegExp(`^${prefix}(\\d+)-`).exec(name) ?? [];
      if (pid === undefined || isAlive(Number(pid))) continue;
      // Best effort: it may be another user's.
      await sweep(path.join(place, name)).catch(() => {});
    }
}

async function sweep(directory: string): Promise<void> {
  const server = await findPostmaster(path.join(directory, "postgres"));
  // SIGQUIT: its data are thrown away, so nothing needs to be written.
  if (server !== undefined) process.kill(server.pid, "SIGQUIT");
  await rm(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

async function createTemplate(serverUrl: string): Promise<void> {
  const server = openPool(serverUrl, { max: 1, applicationName: "test-setup" });
  await server.query("create database template_connectsoft");
  await server.end();
  const url = new URL(serverUrl);
  url.pathname = "/template_connectsoft";
  const template = openPool(url.href, { max: 1, applicationName: "test-setup" });
  try {
    await migrate(template);
  } finally {
    await template.end();
  }
}
