/**
 * Control groups, version 1 and 2: what bounds an instance's memory, processes and processor time, and what
 * knows every process of it, whatever it forks, renames or detaches.
 *
 *     <our own group>/connectsoft-<of the supervisor's directory>/<namespace>/<instance>
 *
 * Version 2 lets only groups without processes of their own share controllers out (its "no internal processes"
 * rule), so root takes the top of the hierarchy, which is exempt, and a user a group that is delegated to it.
 */
import { createHash } from "node:crypto";
import { accessSync, constants, mkdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export const controllers = ["memory", "pids", "cpu"] as const;
export type Controller = (typeof controllers)[number];

export interface Hierarchy {
  version: 1 | 2;
  /** Where the hierarchy is mounted. */
  top: string;
  /** The group below which groups may be made. */
  parent: string;
}

/** By controller; a controller that may not be used has its reason. */
export type Hierarchies = Record<Controller, Hierarchy | { unusable: string }>;

/** Where this process may make groups. `root` is where control groups are mounted. */
export function findHierarchies(root = "/sys/fs/cgroup", uid = process.getuid?.() ?? -1): Hierarchies {
  const own = readText("/proc/self/cgroup");
  const find = (controller: Controller): Hierarchy | { unusable: string } => {
    if (process.platform !== "linux") return { unusable: "only Linux has control groups" };
    const unified = [root, join(root, "unified")].find((place) =>
      has(place, "cgroup.controllers", controller),
    );
    const path = new RegExp(
      unified === undefined ? `^\\d+:(?:.*,)?${controller}(?:,.*)?:(.*)$` : "^0::(.*)$",
      "m",
    );
    const ownPath = path.exec(own)?.[1] ?? "/";
    const top = unified ?? join(root, controller);
    const ownGroup = join(top, ownPath);
    const places = unified === undefined ? [ownGroup, top] : uid === 0 ? [top, ownGroup] : [ownGroup];
    const parent = places.find((place) =>
      mayMakeGroups(place, unified === undefined ? undefined : controller),
    );
    if (parent === undefined)
      return { unusable: `no control group for ${controller} may be made on this host` };
    return { version: unified === undefined ? 1 : 2, top, parent };
  };
  return { memory: find("memory"), pids: find("pids"), cpu: find("cpu") };
}

/** The group of everything that the supervisor of a directory runs. */
export function supervisorGroup(directory: string): string {
  return `connectsoft-${createHash("sha256").update(directory).digest("hex").slice(0, 12)}`;
}

/** Makes a group below the parent, level by level; in version 2 each level hands the controllers on. */
export function makeGroup({ version, parent }: Hierarchy, levels: string[]): string {
  let group = parent;
  for (const level of levels) {
    if (version === 2) for (const controller of controllers) handOn(group, controller);
    group = join(group, level);
    mkdirSync(group, { recursive: true });
  }
  return group;
}

/** Processes of the group. */
export function membersOf(group: string): number[] {
  const listed = readText(join(group, "cgroup.procs"));
  return listed
    .split("\n")
    .filter((line) => line !== "")
    .map(Number);
}

/** Kills all of it, forks that are under way included. Call again until `removeGroup` succeeds. */
export function killGroup(group: string): void {
  if (tryWrite(join(group, "cgroup.kill"), "1")) return;
  // Nothing is born in it any more, so that ending them comes to an end.
  tryWrite(join(group, "pids.max"), "0");
  for (const pid of membersOf(group)) kill(pid);
}

/** False while a process of it is left. */
export function removeGroup(group: string): boolean {
  try {
    rmdirSync(group);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}

export function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

export function tryWrite(path: string, value: string): boolean {
  try {
    // A missing file would be made in a plain folder, and refused in a group: neither is wanted.
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return false;
    writeFileSync(path, value);
    return true;
  } catch {
    return false;
  }
}

function mayMakeGroups(place: string, controller: Controller | undefined): boolean {
  const probe = join(place, `connectsoft-probe-${process.pid}`);
  try {
    accessSync(join(place, "cgroup.procs"), constants.W_OK);
    if (
      controller !== undefined &&
      !handOn(place, controller) &&
      !(stepAside(place) && handOn(place, controller))
    )
      return false;
    mkdirSync(probe);
    rmdirSync(probe);
    return true;
  } catch {
    return false;
  }
}

function handOn(group: string, controller: Controller): boolean {
  const file = "cgroup.subtree_control";
  return (
    has(group, file, controller) ||
    (tryWrite(join(group, file), `+${controller}`) && has(group, file, controller))
  );
}

/** A group that holds nobody but us is freed for groups below it by moving into one. */
function stepAside(place: string): boolean {
  const [only, ...others] = membersOf(place);
  if (only !== process.pid || others.length > 0) return false;
  const leaf = join(place, "connectsoft-supervisor");
  mkdirSync(leaf, { recursive: true });
  return tryWrite(join(leaf, "cgroup.procs"), String(process.pid));
}

function has(place: string, file: string, controller: Controller): boolean {
  return readText(join(place, file))
    .split(/[\s+]+/)
    .includes(controller);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself between the look and the act.
  }
}
