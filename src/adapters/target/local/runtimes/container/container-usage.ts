/** What the kernel counts for a container: memory that is its own, and processes. */
import { join } from "node:path";
import { readText } from "../process/control-groups.ts";

const top = "/sys/fs/cgroup";

/** Of the control groups that the process is in; undefined where they cannot be read. */
export function groupUsage(pid: number): { memoryBytes: number; processes: number } | undefined {
  const memory = groupOf(pid, "memory");
  const pids = groupOf(pid, "pids");
  if (memory === undefined || pids === undefined) return undefined;
  // `anon` in version 2, `total_rss` in version 1: caches of files are the host's to take back.
  const own = /^(?:anon|total_rss) (\d+)$/m.exec(readText(join(memory, "memory.stat")))?.[1];
  const count = readText(join(pids, "pids.current")).trim();
  if (own === undefined || count === "") return undefined;
  return { memoryBytes: Number(own), processes: Number(count) };
}

function groupOf(pid: number, controller: "memory" | "pids"): string | undefined {
  const paths = readText(`/proc/${pid}/cgroup`);
  const separate = new RegExp(`^\\d+:(?:[^:]*,)?${controller}(?:,[^:]*)?:(.*)$`, "m").exec(paths)?.[1];
  if (separate !== undefined) return join(top, controller, separate);
  const unified = /^0::(.*)$/m.exec(paths)?.[1];
  return unified === undefined ? undefined : join(top, unified);
}
