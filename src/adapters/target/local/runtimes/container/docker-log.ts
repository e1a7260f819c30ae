/**
 * docker's daemon keeps what a container prints to itself: a command of its own copies it to the release's log,
 * and goes on when the supervisor dies. (podman hands the log file to the container: nothing is copied.)
 */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { outputFiles } from "../log-files.ts";
import { identify, isAlive, type ProcessIdentity } from "../process/process-identity.ts";

const lastLinesMs = 2_000;

/** How far behind the time of a write a file's own time may be: a tick of the kernel's clock. */
const clockTickMs = 10;

/** Copies from its beginning. Returns what waits until everything is copied, after the container's end. */
export function copyLog(folder: string, id: string, output: number, since?: string): () => Promise<void> {
  const from = since === undefined ? [] : ["--since", since];
  const child = spawn("docker", ["logs", "--follow", ...from, id], {
    detached: true,
    stdio: ["ignore", output, output],
  });
  child.on("error", () => {});
  child.unref();
  const copier = child.pid === undefined ? undefined : identify(child.pid);
  if (copier !== undefined) writeFileSync(recordIn(folder), JSON.stringify(copier), { mode: 0o600 });
  return () => finished(copier);
}

/** Goes on with the command that an earlier supervisor began; where it is gone, with another from where it stopped. */
export function resumeLog(folder: string, id: string): () => Promise<void> {
  const copier = readRecord(folder);
  if (copier !== undefined && isAlive(copier)) return () => finished(copier);
  const last = outputFiles(folder).at(-1);
  if (last === undefined) return async () => {};
  const path = join(folder, last);
  const output = openSync(path, "a");
  try {
    // Every line that was copied was printed before it was written; without the tick the last one would be copied twice.
    const copiedUntil = new Date(statSync(path).mtimeMs + clockTickMs);
    return copyLog(folder, id, output, copiedUntil.toISOString());
  } finally {
    closeSync(output);
  }
}

async function finished(copier: ProcessIdentity | undefined): Promise<void> {
  const deadlineMs = performance.now() + lastLinesMs;
  while (copier !== undefined && isAlive(copier) && performance.now() < deadlineMs) await sleep(20);
}

function recordIn(folder: string): string {
  return join(folder, "log-copier.json");
}

function readRecord(folder: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(recordIn(folder), "utf8")) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
