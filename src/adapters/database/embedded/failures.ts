/** What is told when the embedded server cannot be had: the place, the reason in the server's own words, the way on. */
import { statfs } from "node:fs/promises";
import { type RefusalError, refuse } from "../../../domain/refusal.ts";

/** Below this, PostgreSQL cannot write its next log segment. */
const fullDiskBytes = 16 * 1024 * 1024;

/** An error of the operating system becomes a refusal; anything else stays what it is. */
export function explain(error: unknown, dataDirectory: string): unknown {
  if (!(error instanceof Error) || !("syscall" in error)) return error;
  return refuse(
    "Unavailable",
    `the data directory ${dataDirectory} cannot be used: ${error.message}`,
    "Make it writable and free some space, choose another data directory, or set DATABASE_URL.",
  );
}

export function cannotCreate(data: string, output: string): RefusalError {
  return refuse(
    "Unavailable",
    `the database could not be created in ${data}: ${reasonIn(output) || "initdb gave no reason"}`,
    "Free or repair that place, use another data directory, or set DATABASE_URL.",
  );
}

export async function cannotStart(data: string, output: string, logFile: string): Promise<RefusalError> {
  // A full disk also cuts the log that would tell of it.
  if (await isDiskFull(data)) {
    const message = `the database in ${data} does not start: its disk is full`;
    return refuse("Unavailable", message, "Free some space and try again; nothing is lost.");
  }
  return refuse(
    "Unavailable",
    `the database in ${data} does not start: ${reasonIn(output) || "it gave no reason"}`,
    `Read ${logFile}; then repair the folder, restore a backup, or set DATABASE_URL.`,
  );
}

export function tooLate(data: string, waitedMs: number, logFile: string): RefusalError {
  return refuse(
    "Unavailable",
    `the database in ${data} did not answer within ${waitedMs / 1000} s`,
    `It may still be recovering: read ${logFile} and try again.`,
  );
}

export function wrongPassword(data: string): RefusalError {
  return refuse(
    "Unavailable",
    `the database in ${data} does not take the password of embedded-postgres.json`,
    "Restore that file from the backup that the database came from.",
  );
}

function reasonIn(output: string): string {
  const stated = [...output.matchAll(/(?:PANIC|FATAL|ERROR|error): +(.+)/g)].map(([, text]) => text);
  // What follows the first is its consequence.
  return (
    stated.find((text) => text?.includes("No space left")) ??
    stated[0] ??
    output.trim().split("\n").at(-1) ??
    ""
  );
}

async function isDiskFull(directory: string): Promise<boolean> {
  const disk = await statfs(directory).catch(() => undefined);
  return disk !== undefined && Number(disk.bavail) * Number(disk.bsize) < fullDiskBytes;
}
