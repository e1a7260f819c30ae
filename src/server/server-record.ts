/** `server.json`: where the server of a data directory answers, for programs of the same account. */
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { placesIn } from "./data-directory.ts";
import { writePrivateFile } from "./write-private-file.ts";

export interface ServerRecord {
  url: string;
  pid: number;
  /** ISO 8601. */
  startedAt: string;
  token: string;
  version: string;
  /** Whether it lives on the embedded database, which ends with it. */
  embedded: boolean;
}

export function readServerRecord(dataDirectory: string): ServerRecord | undefined {
  try {
    const record: ServerRecord = JSON.parse(readFileSync(placesIn(dataDirectory).serverRecord, "utf8"));
    return Number.isInteger(record.pid) && record.pid > 0 ? record : undefined;
  } catch {
    return undefined;
  }
}

export async function writeServerRecord(dataDirectory: string, record: ServerRecord): Promise<void> {
  await writePrivateFile(placesIn(dataDirectory).serverRecord, `${JSON.stringify(record, null, 2)}\n`);
}

/** Another server of the same folder may have written its own since: that one stays. */
export async function removeServerRecord(dataDirectory: string, pid: number): Promise<void> {
  if (readServerRecord(dataDirectory)?.pid === pid)
    await rm(placesIn(dataDirectory).serverRecord, { force: true });
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
