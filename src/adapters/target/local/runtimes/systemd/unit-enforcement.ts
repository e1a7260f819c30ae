/** What holds of a unit's limits, by the control groups that its main process is really in. */

import type { Limits } from "../../../../../domain/module/module-spec.ts";
import type { Enforcement } from "../../../../../ports/target.ts";
import type { Controller } from "../process/control-groups.ts";
import { readText } from "../process/control-groups.ts";
import type { Launch } from "../runtime.ts";
import type { Manager } from "./manager.ts";

const controllerOf = { memoryBytes: "memory", processes: "pids", cpus: "cpu" } as const satisfies Record<
  keyof Limits,
  Controller
>;

export function enforcementOfUnit(
  { limits }: Pick<Launch, "limits">,
  running: { pid: number; manager: Manager } | undefined,
): Enforcement[] {
  if (running === undefined) return [];
  const groups = readText(`/proc/${running.pid}/cgroup`);
  const held = (Object.keys(controllerOf) as (keyof Limits)[]).flatMap((limit): Enforcement[] => {
    const value = limits[limit];
    if (value === undefined) return [];
    const name =
      limit === "memoryBytes" ? `memory ${Math.round(value / 1024 / 1024)} MiB` : `${limit} ${value}`;
    const version = versionOf(groups, controllerOf[limit]);
    if (version === undefined)
      return [
        {
          limit,
          enforced: false,
          words: `${name}: not enforced (systemd has no ${controllerOf[limit]} controller here)`,
        },
      ];
    return [{ limit, enforced: true, words: `${name}: enforced by systemd, cgroup v${version}` }];
  });
  return [...held, userWords(running.manager)];
}

/** In which version of control groups the controller knows the unit. */
function versionOf(groups: string, controller: Controller): 1 | 2 | undefined {
  const separate = new RegExp(`^\\d+:(?:[^:]*,)?${controller}(?:,[^:]*)?:(.*)$`, "m").exec(groups)?.[1];
  if (separate !== undefined) return separate.includes("/connectsoft-") ? 1 : undefined;
  const unified = /^0::(.*\/connectsoft-.*)$/m.exec(groups)?.[1];
  const listed = unified === undefined ? "" : readText(`/sys/fs/cgroup${unified}/cgroup.controllers`);
  return listed.trim().split(" ").includes(controller) ? 2 : undefined;
}

function userWords({ isSystem }: Manager): Enforcement {
  return isSystem
    ? {
        limit: "user",
        enforced: true,
        words: "user: of its namespace alone, without capabilities",
      }
    : {
        limit: "user",
        enforced: false,
        words: "user: runs as yours, because a user's own manager cannot change it",
      };
}
