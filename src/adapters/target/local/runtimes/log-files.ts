/**
 * An instance's output goes straight to a file, so that it writes on when the supervisor dies. Each launch has
 * a file of its own. What is written now cannot be renamed away from its writer, and copying it away would lose
 * what is written meanwhile: so the file's beginning is given back to the disk as a hole, and nothing is lost
 * but the oldest lines. Where the file system knows no holes the file is cut, and begins with a word about it.
 */
import { spawn } from "node:child_process";
import {
  fchownSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type LogLimits, usualLogLimits } from "../../../../domain/environment/log-limits.ts";

/** How often a file is looked at: the sooner, the faster it grew when it was looked at last. */
const soonestMs = 50;
const latestMs = 1_000;
const form = /^output\.(\d{6,})\.log$/;

/** A file descriptor for stdout and stderr; the caller closes it after the spawn. `owner` may open it again itself. */
export function openOutput(folder: string, owner?: number): number {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const last = outputFiles(folder).at(-1);
  const number = last === undefined ? 1 : Number(form.exec(last)?.[1]) + 1;
  const file = openSync(join(folder, `output.${String(number).padStart(6, "0")}.log`), "ax", 0o600);
  if (owner !== undefined) fchownSync(file, owner, owner);
  return file;
}

/** Names of the files, oldest first. */
export function outputFiles(folder: string): string[] {
  const numberOf = (name: string) => Number(form.exec(name)?.[1]);
  return entriesOf(folder)
    .filter((name) => form.test(name))
    .sort((a, b) => numberOf(a) - numberOf(b));
}

/** Keeps the output of a folder within its limits until the returned function is called, which looks a last time. */
export function keepWithin(folder: string, limits: LogLimits = usualLogLimits): () => void {
  const path = join(folder, outputFiles(folder).at(-1) ?? "");
  let given = 0;
  let giving = false;
  let seen = { size: 0, atMs: performance.now() };
  let timer: NodeJS.Timeout;
  /** Looks, and says when it would have grown by a quarter of what is kept. */
  function watch(): number {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const atMs = performance.now();
    const perMs = Math.max(0, size - seen.size) / Math.max(1, atMs - seen.atMs);
    seen = { size, atMs };
    void look(size);
    return Math.min(latestMs, Math.max(soonestMs, limits.keepBytes / 4 / perMs));
  }
  function watchIn(ms: number): void {
    timer = setTimeout(() => watchIn(watch()), ms);
    timer.unref();
  }
  async function look(size: number): Promise<void> {
    if (giving || size - given <= limits.keepBytes * 1.25) return;
    giving = true;
    dropOldest(folder, limits);
    given = (await giveBack(path, size - limits.keepBytes)) ? size - limits.keepBytes : 0;
    giving = false;
  }
  dropOldest(folder, limits);
  watchIn(soonestMs);
  return () => {
    clearTimeout(timer);
    watch();
  };
}

/** Removes files of earlier launches where newer ones are enough in number or in size. */
function dropOldest(folder: string, { keepBytes, keepFiles }: LogLimits): void {
  let newerBytes = 0;
  for (const [index, name] of outputFiles(folder).reverse().entries()) {
    if (index >= keepFiles || newerBytes >= keepBytes) rmSync(join(folder, name), { force: true });
    newerBytes += (statSync(join(folder, name), { throwIfNoEntry: false })?.blocks ?? 0) * 512;
  }
}

/** Makes the beginning of a file a hole; false where that cannot be and the file was cut instead. */
async function giveBack(path: string, bytes: number): Promise<boolean> {
  const punched = await new Promise<boolean>((resolve) => {
    const child = spawn("fallocate", ["--punch-hole", "--offset", "0", "--length", String(bytes), path], {
      stdio: "ignore",
    });
    child.once("error", () => resolve(false));
    child.once("exit", (code) => resolve(code === 0));
  });
  if (punched || statSync(path, { throwIfNoEntry: false }) === undefined) return true;
  truncateSync(path, 0);
  writeFileSync(path, "(earlier lines were dropped: the log had reached its limit)\n", { flag: "a" });
  return false;
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
