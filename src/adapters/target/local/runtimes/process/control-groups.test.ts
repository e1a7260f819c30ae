import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findHierarchies } from "./control-groups.ts";
import { enforcementOf } from "./enforcement.ts";
import { InstanceGroups, memoryKills } from "./instance-group.ts";

/** A plain folder in the form of version 2 (Documentation/admin-guide/cgroup-v2.rst); what the kernel makes is made here. */
let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "control-groups-"));
  await writeFile(join(root, "cgroup.controllers"), "cpuset cpu io memory pids\n");
  await writeFile(join(root, "cgroup.subtree_control"), "cpu memory pids\n");
  await writeFile(join(root, "cgroup.procs"), "1\n");
});
afterEach(() => rm(root, { recursive: true, force: true }));

const marker = "/data|vetclinic-dev/booking-service/release-000001#0";
const files = ["memory.max", "memory.oom.group", "memory.swap.max", "pids.max", "cpu.max"];

test("version 2: root takes the top of the hierarchy, and limits are written in its files", async () => {
  const hierarchies = findHierarchies(root, 0);
  expect(hierarchies.memory).toEqual({ version: 2, top: root, parent: root });
  const groups = new InstanceGroups(hierarchies);
  const group = Object.values(groups.make(marker, {}))[0] ?? "";
  for (const file of files) await writeFile(join(group, file), "max\n");
  // A folder that holds files is not removed, as a group that holds processes is not: the second call finds it.
  const limits = { memoryBytes: 256 * 1024 ** 2, processes: 64, cpus: 1.5 };
  const made = groups.make(marker, limits);
  const content = await Promise.all(files.map((file) => readFile(join(group, file), "utf8")));
  expect(content).toEqual([String(256 * 1024 ** 2), "1", "0", "64", "150000 100000"]);
  expect(enforcementOf(limits, made, hierarchies)).toEqual([
    { limit: "memoryBytes", enforced: true, words: "memory 256 MiB: enforced by cgroup v2" },
    { limit: "processes", enforced: true, words: "processes 64: enforced by cgroup v2" },
    { limit: "cpus", enforced: true, words: "cpus 1.5: enforced by cgroup v2" },
  ]);
  await writeFile(
    join(group, "memory.events"),
    "low 0\nhigh 0\nmax 12\noom 1\noom_kill 2\noom_group_kill 1\n",
  );
  expect(memoryKills(made)).toBe(2);
});

test("a limit that the kernel does not hold is not said to be enforced", async () => {
  const hierarchies = findHierarchies(root, 0);
  const groups = new InstanceGroups(hierarchies).make(marker, { processes: 64 });
  expect(enforcementOf({ processes: 64 }, groups, hierarchies)).toEqual([
    { limit: "processes", enforced: false, words: "processes 64: not enforced (the kernel holds none)" },
  ]);
});

test("where no group may be made, it is said", async () => {
  await mkdir(join(root, "empty"));
  const hierarchies = findHierarchies(join(root, "empty"), 0);
  expect(enforcementOf({ cpus: 1 }, new InstanceGroups(hierarchies).make(marker, {}), hierarchies)).toEqual([
    {
      limit: "cpus",
      enforced: false,
      words: "cpus 1: not enforced (no control group for cpu may be made on this host)",
    },
  ]);
});
