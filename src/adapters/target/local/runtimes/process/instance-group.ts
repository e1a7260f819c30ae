/** The control groups of one instance, one in each hierarchy that may be used: made, limited, read back, ended. */
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Limits } from "../../../../../domain/module/module-spec.ts";
import {
  controllers,
  type Hierarchies,
  killGroup,
  makeGroup,
  membersOf,
  readText,
  removeGroup,
  supervisorGroup,
  tryWrite,
} from "./control-groups.ts";

/** Control groups of an instance or a namespace, by controller. Empty where none may be used. */
export type Groups = Partial<Record<(typeof controllers)[number], string>>;

const cpuPeriodUs = 100_000;

/** `<directory>|<namespace>/<moduleId>/<releaseId>#<index>` as levels of groups; the last one can be read back. */
function levelsOf(marker: string): [string, string, string] {
  const [directory = "", rest = ""] = marker.split("|");
  const namespace = rest.slice(0, rest.indexOf("/"));
  return [supervisorGroup(directory), namespace, encodeURIComponent(rest.slice(namespace.length + 1))];
}

/** Makes the groups of instances, and holds the limits of their namespaces while there are any. */
export class InstanceGroups {
  readonly hierarchies: Hierarchies;
  private readonly namespaceLimits = new Map<string, Limits>();

  constructor(hierarchies: Hierarchies) {
    this.hierarchies = hierarchies;
  }

  limitNamespace(directory: string, namespace: string, limits: Limits): Groups {
    const levels = levelsOf(`${directory}|${namespace}/`).slice(0, 2);
    this.namespaceLimits.set(levels.join("/"), limits);
    const groups = makeGroups(this.hierarchies, levels);
    limitGroups(groups, limits);
    if (Object.keys(limits).length > 0) return groups;
    this.namespaceLimits.delete(levels.join("/"));
    // Where nothing runs in it any more, it goes.
    for (const group of this.places(levels)) removeGroup(group);
    return groups;
  }

  /** Of an instance that is about to be started. */
  make(marker: string, limits: Limits): Groups {
    // One that was left over counts what an earlier instance did.
    for (const group of this.places(levelsOf(marker))) removeGroup(group);
    return this.hold(marker, limits);
  }

  /** Of an instance that may be joining them at this moment. */
  hold(marker: string, limits: Limits): Groups {
    const levels = levelsOf(marker);
    const namespace = levels.slice(0, 2);
    const shared = this.namespaceLimits.get(namespace.join("/"));
    // The group of a namespace goes with its last instance, and its limits with it.
    if (shared !== undefined) limitGroups(makeGroups(this.hierarchies, namespace), shared);
    const groups = makeGroups(this.hierarchies, levels);
    limitGroups(groups, limits);
    return groups;
  }

  /** Removes what is empty of a supervisor's groups: left by instances that ended while nobody watched. */
  sweep(directory: string): void {
    for (const top of this.places([supervisorGroup(directory)])) {
      for (const namespace of foldersIn(top)) {
        for (const instance of foldersIn(namespace)) removeGroup(instance);
        removeGroup(namespace);
      }
      removeGroup(top);
    }
  }

  private places(levels: string[]): string[] {
    return Object.values(this.hierarchies).flatMap((one) =>
      "parent" in one ? [join(one.parent, ...levels)] : [],
    );
  }
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
}

function makeGroups(hierarchies: Hierarchies, levels: string[]): Groups {
  const groups: Groups = {};
  for (const controller of controllers) {
    const hierarchy = hierarchies[controller];
    if ("parent" in hierarchy) groups[controller] = makeGroup(hierarchy, levels);
  }
  return groups;
}

/** Limits that are absent are lifted. */
function limitGroups({ memory, pids, cpu }: Groups, limits: Limits): void {
  if (pids !== undefined) tryWrite(join(pids, "pids.max"), String(limits.processes ?? "max"));
  if (memory !== undefined) limitMemory(memory, limits.memoryBytes);
  if (cpu === undefined) return;
  const quota =
    limits.cpus === undefined ? undefined : Math.max(1_000, Math.round(limits.cpus * cpuPeriodUs));
  if (tryWrite(join(cpu, "cpu.max"), `${quota ?? "max"} ${cpuPeriodUs}`)) return;
  tryWrite(join(cpu, "cpu.cfs_period_us"), String(cpuPeriodUs));
  tryWrite(join(cpu, "cpu.cfs_quota_us"), String(quota ?? -1));
}

/** The limits that the kernel holds now, read back. */
export function limitsOf({ memory, pids, cpu }: Groups): Limits {
  const limits: Limits = {};
  const processes = Number(
    pids === undefined ? Number.NaN : readText(join(pids, "pids.max")).trim() || Number.NaN,
  );
  if (Number.isSafeInteger(processes)) limits.processes = processes;
  const bytes = memory === undefined ? Number.NaN : memoryLimit(memory);
  if (Number.isSafeInteger(bytes)) limits.memoryBytes = bytes;
  const cpus = cpu === undefined ? Number.NaN : cpuLimit(cpu);
  if (cpus > 0) limits.cpus = cpus;
  return limits;
}

/** How many of its processes the kernel has ended for their memory. */
export function memoryKills({ memory }: Groups): number {
  if (memory === undefined) return 0;
  const counts = readText(join(memory, "memory.events")) || readText(join(memory, "memory.oom_control"));
  return Number(/^oom_kill (\d+)$/m.exec(counts)?.[1] ?? 0);
}

/** How many forks the limit of processes has refused. */
export function refusedForks({ pids }: Groups): number {
  return pids === undefined ? 0 : Number(/^max (\d+)$/m.exec(readText(join(pids, "pids.events")))?.[1] ?? 0);
}

export function groupMembersOf(groups: Groups): number[] {
  return [...new Set(Object.values(groups).flatMap(membersOf))];
}

/** Kills what is left in the groups and removes them; they may be gone already. */
export async function endGroups(groups: Groups): Promise<void> {
  const left = new Set(Object.values(groups));
  for (let tries = 0; left.size > 0 && tries < 500; tries += 1) {
    for (const group of left) {
      if (!removeGroup(group)) killGroup(group);
      else left.delete(group) && removeEmptyParents(group);
    }
    if (left.size > 0) await sleep(5);
  }
}

/** Of the namespace, and of the supervisor. */
function removeEmptyParents(group: string): void {
  if (removeGroup(dirname(group))) removeGroup(dirname(dirname(group)));
}

/** The groups of our making that a process is really in: also where an earlier supervisor made them elsewhere. */
export function groupsOfProcess(pid: number, hierarchies: Hierarchies): Groups {
  const groups: Groups = {};
  for (const { names, path } of ownGroupPaths(pid)) {
    for (const controller of controllers) {
      const hierarchy = hierarchies[controller];
      if (!("top" in hierarchy)) continue;
      const isIn = hierarchy.version === 2 ? names === "" : names.split(",").includes(controller);
      if (isIn) groups[controller] = join(hierarchy.top, path);
    }
  }
  return groups;
}

/** The marker of a process by the group that it is in, whatever it made of its environment. */
export function markerOfProcess(pid: number, directory: string): string | undefined {
  const prefix = `/${supervisorGroup(directory)}/`;
  for (const { path } of ownGroupPaths(pid)) {
    if (!path.includes(prefix)) continue;
    const group = path.slice(path.indexOf(prefix) + prefix.length);
    return `${directory}|${dirname(group)}/${decodeURIComponent(basename(group))}`;
  }
  return undefined;
}

/** Lines of `/proc/<pid>/cgroup`: names of controllers (none in version 2) and the group below the hierarchy's top. */
function ownGroupPaths(pid: number): { names: string; path: string }[] {
  return readText(`/proc/${pid}/cgroup`)
    .split("\n")
    .flatMap((line) => {
      const [, names = "", path = ""] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
      return path.includes("/connectsoft-") ? [{ names, path }] : [];
    });
}

/** Memory with swap together: otherwise a leak would only move to the disk. */
function limitMemory(group: string, bytes: number | undefined): void {
  // Version 2, where the whole instance ends when one of its processes must: half a service serves nobody.
  tryWrite(join(group, "memory.oom.group"), "1");
  tryWrite(join(group, "memory.swap.max"), bytes === undefined ? "max" : "0");
  if (tryWrite(join(group, "memory.max"), String(bytes ?? "max"))) return;
  const value = String(bytes ?? -1);
  // Version 1 wants the smaller of the two first, whichever way the limit moves.
  tryWrite(join(group, "memory.memsw.limit_in_bytes"), "-1");
  tryWrite(join(group, "memory.limit_in_bytes"), value);
  tryWrite(join(group, "memory.memsw.limit_in_bytes"), value);
}

function memoryLimit(group: string): number {
  const text = readText(join(group, "memory.max")) || readText(join(group, "memory.limit_in_bytes"));
  const bytes = text.trim() === "" ? Number.NaN : Number(text);
  // Version 1 says "no limit" as the largest number of pages.
  return bytes > 2 ** 52 ? Number.NaN : bytes;
}

function cpuLimit(group: string): number {
  const [quota = "", period = ""] = (readText(join(group, "cpu.max")) || legacyCpu(group))
    .trim()
    .split(/\s+/);
  return Number(quota) / Number(period);
}

function legacyCpu(group: string): string {
  return `${readText(join(group, "cpu.cfs_quota_us")).trim()} ${readText(join(group, "cpu.cfs_period_us")).trim()}`;
}
