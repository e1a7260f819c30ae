/** The running server of a cluster: who it is, and whether it still lives. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { link, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";

export interface Postmaster {
  pid: number;
  port: number;
}

/** What `postmaster.pid` says, where the process that it names is a server of this data folder; undefined otherwise. */
export async function findPostmaster(data: string): Promise<Postmaster | undefined> {
  const text = await readFile(pidFile(data), "utf8").catch(() => "");
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0 || !isServerOf(pid, data)) return undefined;
  return { pid, port };
}

/**
 * Whether the process is a live server process of this data folder. Its working directory tells, which
 * a moved folder keeps and a zombie or a stranger with a reused pid has not.
 */
export function isServerOf(pid: number, data: string): boolean {
  try {
    if (process.platform === "linux") {
      return (
        readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "postgres" &&
        readlinkSync(`/proc/${pid}/cwd`) === data
      );
    }
    const command = execFileSync("ps", ["-p", String(pid), "-o", "command="], { encoding: "utf8" });
    return command.includes("postgres") && command.includes(data);
  } catch {
    return false;
  }
}

/**
 * PostgreSQL clears the pid file of a dead server itself, but not where the pid now belongs to a stranger or
 * a zombie. Does nothing while any server process of the folder is left, because the file is their lock.
 */
export async function clearForeignPidFile(data: string): Promise<void> {
  const seen = await readFile(pidFile(data), "utf8").catch(() => undefined);
  const pid = Number(seen?.split("\n")[0]);
  if (seen === undefined || !Number.isInteger(pid) || pid <= 0) return;
  if (!isTaken(pid) || (await hasServerProcess(data))) return;
  const aside = `${pidFile(data)}.${process.pid}`;
  try {
    await rename(pidFile(data), aside);
    // Another starter may have put its own there since we looked: give it back.
    if ((await readFile(aside, "utf8")) !== seen) await link(aside, pidFile(data));
  } catch {
    // It went by itself.
  } finally {
    await rm(aside, { force: true });
  }
}

async function hasServerProcess(data: string): Promise<boolean> {
  if (process.platform !== "linux") return (await findPostmaster(data)) !== undefined;
  return readdirSync("/proc").some((name) => /^\d+$/.test(name) && isServerOf(Number(name), data));
}

function isTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function pidFile(data: string): string {
  return path.join(data, "postmaster.pid");
}
