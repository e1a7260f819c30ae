/** Whoever removes the data directory wants nothing of it any more: a supervisor without its lock file ends, and all with it. */
import { statSync } from "node:fs";
import { rm } from "node:fs/promises";
import type { Layout } from "../layout.ts";
import { stop } from "./acts/stop.ts";
import type { Supervisor } from "./supervisor.ts";

const periodMs = 2_000;

/** The lock file is never replaced while its supervisor lives. */
export function followDirectory(
  { lock, directory }: Layout,
  supervisor: Supervisor,
  sayStopping: () => void,
): void {
  const inode = () => statSync(lock, { throwIfNoEntry: false })?.ino;
  const own = inode();
  const timer = setInterval(async () => {
    if (inode() === own) return;
    clearInterval(timer);
    sayStopping();
    await stop(supervisor).catch(() => {});
    // What our last words made again; a directory with a lock belongs to another supervisor.
    if (inode() === undefined) await rm(directory, { recursive: true, force: true });
    process.exit(0);
  }, periodMs);
}
