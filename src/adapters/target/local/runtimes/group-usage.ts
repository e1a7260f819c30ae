/** What a whole instance uses: every process that is in its first one's control group. */
import { join } from "node:path";
import { membersOf, readText } from "./process/control-groups.ts";

const top = "/sys/fs/cgroup";
/** Hierarchies in the order of what knows an instance best; the first that has the process below its top counts. */
const hierarchies = [
  { names: "name=systemd", folder: "systemd" },
  { names: "pids", folder: "pids" },
  { names: "memory", folder: "memory" },
  { names: "", folder: "" },
  { names: "", folder: "unified" },
];

/** Undefined where the process is in no group of its own. */
export function groupUsage(
  pid: number,
  isOwn: (group: string) => boolean,
): { memoryBytes: number; processes: number } | undefined {
  const members = groupsOf(pid)
    .filter(isOwn)
    .map(membersOf)
    .find((found) => found.length > 0);
  if (members === undefined) return undefined;
  return {
    memoryBytes: members.reduce((sum, one) => sum + residentBytes(one), 0),
    processes: members.length,
  };
}

function groupsOf(pid: number): string[] {
  const lines = readText(`/proc/${pid}/cgroup`).split("\n");
  return hierarchies.flatMap(({ names, folder }) =>
    lines.flatMap((line) => {
      const [, controllers = "", path = ""] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
      const isIn =
        path !== "" && (controllers === names || (names !== "" && controllers.split(",").includes(names)));
      return isIn ? [join(top, folder, path)] : [];
    }),
  );
}

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readText(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}
