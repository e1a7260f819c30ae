/** Time as the supervisor uses it: a wall clock to report, a monotonic one wherever a duration counts. */
import { readFileSync } from "node:fs";
import type { Identity } from "../runtimes/runtime.ts";

export interface Clock {
  now(): Date;
  monotonicMs(): number;
  /** When a process began, on the monotonic clock; now, where the host does not tell. */
  bornMs(identity: Identity): number;
}

/** `USER_HZ`, which Linux keeps at 100 for every program that reads /proc. */
const ticksPerSecond = 100;

export const hostClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  bornMs: ({ pid }) => performance.now() - (ageMs(pid) ?? 0),
};

/** By the kernel's own clock, which nobody sets. */
function ageMs(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // Field 22 of proc(5); the command in parentheses may hold spaces itself.
    const ticks = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
    const upSeconds = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
    const age = upSeconds * 1000 - (ticks / ticksPerSecond) * 1000;
    return Number.isFinite(age) ? Math.max(0, age) : undefined;
  } catch {
    return undefined;
  }
}
