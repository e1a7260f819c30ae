/** What holds of an instance's limits, read back from the kernel. */
import type { Limits } from "../../../../../domain/module/module-spec.ts";
import type { Enforcement } from "../../../../../ports/target.ts";
import type { Controller, Hierarchies } from "./control-groups.ts";
import { type Groups, limitsOf } from "./instance-group.ts";
import { mebibytes } from "./process-tree.ts";

const controllerOf = { memoryBytes: "memory", processes: "pids", cpus: "cpu" } as const satisfies Record<
  keyof Limits,
  Controller
>;

/** One for each limit that is wanted. */
export function enforcementOf(wanted: Limits, groups: Groups, hierarchies: Hierarchies): Enforcement[] {
  const held = limitsOf(groups);
  return (Object.keys(controllerOf) as (keyof Limits)[]).flatMap((limit) => {
    const value = wanted[limit];
    if (value === undefined) return [];
    const name = inWords(limit, value);
    const hierarchy = hierarchies[controllerOf[limit]];
    if ("unusable" in hierarchy)
      return { limit, enforced: false, words: `${name}: not enforced (${hierarchy.unusable})` };
    const enforced = isHeld(limit, value, held[limit]);
    const why = held[limit] === undefined ? "the kernel holds none" : `the kernel holds ${held[limit]}`;
    return {
      limit,
      enforced,
      words: `${name}: ${enforced ? `enforced by cgroup v${hierarchy.version}` : `not enforced (${why})`}`,
    };
  });
}

/** The kernel counts memory in pages and rounds down, and time in microseconds. */
function isHeld(limit: keyof Limits, wanted: number, held: number | undefined): boolean {
  if (held === undefined) return false;
  return limit === "memoryBytes" ? wanted - held < 65_536 && held <= wanted : Math.abs(held - wanted) < 0.011;
}

function inWords(limit: keyof Limits, value: number): string {
  switch (limit) {
    case "memoryBytes":
      return `memory ${mebibytes(value)}`;
    case "processes":
      return `processes ${value}`;
    case "cpus":
      return `cpus ${value}`;
  }
}
