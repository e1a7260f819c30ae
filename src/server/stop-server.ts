/** Ends what runs for a data directory: server, database, and the services unless they shall go on. */
import { setTimeout as pause } from "node:timers/promises";
import { refuse } from "../domain/refusal.ts";
import { isAlive, readServerRecord, removeServerRecord } from "./server-record.ts";

export interface Stopped {
  server: boolean;
  database: boolean;
  /** Releases whose processes were ended; undefined where they were let be. */
  services: string[] | undefined;
}

export interface StopOptions {
  dataDirectory: string;
  keepServices: boolean;
  stopDatabase(): Promise<boolean>;
  stopServices(): Promise<string[]>;
}

const patienceMs = 40_000;

export async function stopAll(options: StopOptions): Promise<Stopped> {
  const server = await stopServer(options.dataDirectory);
  const services = options.keepServices ? undefined : await options.stopServices();
  const database = await options.stopDatabase();
  return { server, database, services };
}

async function stopServer(dataDirectory: string): Promise<boolean> {
  const record = readServerRecord(dataDirectory);
  if (record === undefined) return false;
  // After a crash the pid may be anybody's: only the process that answers as this server is ended.
  if (!isAlive(record.pid) || !(await answers(record.url))) {
    await removeServerRecord(dataDirectory, record.pid);
    return false;
  }
  process.kill(record.pid, "SIGTERM");
  const deadline = Date.now() + patienceMs;
  while (isAlive(record.pid)) {
    if (Date.now() > deadline)
      throw refuse(
        "Unavailable",
        `The server with pid ${record.pid} does not end.`,
        `End it: kill -9 ${record.pid}. Nothing is lost; the next start goes on from there.`,
      );
    await pause(20);
  }
  return true;
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );
}
