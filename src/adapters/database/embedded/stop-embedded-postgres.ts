/** Ends the server of a data directory from outside, whoever started it; never starts or makes one. */
import { realpath } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { readRecord } from "./cluster-record.ts";
import { findPostmaster, isServerOf } from "./postmaster.ts";

const patienceMs = 30_000;

/** Fast shutdown; resolves when it is gone. False where none ran. */
export async function stopEmbeddedPostgres(dataDirectory: string): Promise<boolean> {
  const home = await realpath(dataDirectory).catch(() => undefined);
  const record = home === undefined ? undefined : await readRecord(home);
  if (home === undefined || record === undefined) return false;
  const data = path.resolve(home, record.cluster);
  const running = await findPostmaster(data);
  if (running === undefined) return false;
  const deadline = Date.now() + patienceMs;
  process.kill(running.pid, "SIGINT");
  while (isServerOf(running.pid, data)) {
    if (Date.now() > deadline) process.kill(running.pid, "SIGQUIT");
    await pause(20);
  }
  return true;
}
