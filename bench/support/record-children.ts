/**
 * Loaded into a server (`--import`): writes when each child process began and ended, one JSON line each. A git that
 * stays for the next question is left out: most of its life it waits, and what it works is counted as ours.
 */
import type { ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { appendFileSync } from "node:fs";

const file = process.env.CONNECTSOFT_BENCH_CHILDREN;

if (file !== undefined)
  subscribe("child_process", (message) => {
    const child = (message as { process: ChildProcess }).process;
    const began = Date.now();
    // The channel speaks before the program is known; it is by the time that it ends.
    child.once("exit", () => {
      if (child.spawnargs.some((word) => word === "--batch" || word === "--stdin")) return;
      const command = [child.spawnfile, ...child.spawnargs.slice(1, 4)].join(" ");
      appendFileSync(file, `${JSON.stringify({ began, ended: Date.now(), command })}\n`);
    });
  });
