/**
 * Bounds how many processes a step may have at once: a control group of its own where this host lets us make
 * one, else a limit of the user's. Neither holds for root without control groups, and the report says so.
 */
import { randomUUID } from "node:crypto";
import { access, mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "../../../domain/module/module-spec.ts";
import { isRunning } from "./private-folders.ts";
import { findProgram } from "./programs.ts";

export interface ProcessLimit {
  /** For the report. */
  words: string;
  /** What runs a command within the limit, and what ends everything that is left of it. */
  enclose(): Promise<{ launcher: Command; end(): Promise<void> }>;
}

const most = 4096;
const mostOfUser = 16_384;

let found: Promise<ProcessLimit> | undefined;

export function detectProcessLimit(): Promise<ProcessLimit> {
  found ??= detect();
  return found;
}

async function detect(): Promise<ProcessLimit> {
  const parent = await usableGroup();
  if (parent !== undefined) return inGroups(parent);
  const prlimit = findProgram("prlimit", `${process.env.PATH ?? ""}:/usr/bin:/bin`);
  if (process.getuid?.() !== 0 && prlimit !== undefined)
    return {
      words: `at most ${mostOfUser} of this user`,
      enclose: async () => ({ launcher: [prlimit, `--nproc=${mostOfUser}`, "--"], end: async () => {} }),
    };
  return {
    words: "not limited (no control group can be made here, and a limit of the user does not hold for root)",
    enclose: async () => ({ launcher: [], end: async () => {} }),
  };
}

function inGroups(parent: string): ProcessLimit {
  return {
    words: `at most ${most}`,
    async enclose() {
      const group = join(parent, `connectsoft-${process.pid}-${randomUUID()}`);
      await mkdir(group);
      await writeFile(join(group, "pids.max"), String(most));
      const join_ = 'echo $$ > "$1/cgroup.procs" || exit 126; shift; exec "$@"';
      return { launcher: ["/bin/sh", "-c", join_, "sh", group], end: () => endGroup(group) };
    },
  };
}

/** Our own group's folder, in either version of control groups, if it takes a child with a limit of processes. */
async function usableGroup(): Promise<string | undefined> {
  const lines = await readFile("/proc/self/cgroup", "utf8").catch(() => "");
  const own = (form: RegExp) => form.exec(lines)?.[1];
  const [first, second] = [own(/^\d+:pids:(.*)$/m), own(/^0::(.*)$/m)];
  const places = [
    ...(first === undefined ? [] : [join("/sys/fs/cgroup/pids", first)]),
    ...(second === undefined ? [] : [join("/sys/fs/cgroup", second)]),
  ];
  for (const place of places) if (await takesLimit(place)) return place;
  return undefined;
}

async function takesLimit(place: string): Promise<boolean> {
  const group = join(place, `connectsoft-${process.pid}-${randomUUID()}`);
  try {
    await access(join(place, "cgroup.procs"));
    await mkdir(group);
    await writeFile(join(group, "pids.max"), String(most)).finally(() => rmdir(group));
    await sweepGroups(place);
    return true;
  } catch {
    return false;
  }
}

/** What a worker that was killed left behind. */
async function sweepGroups(place: string): Promise<void> {
  for (const name of await readdir(place)) {
    const [, pid] = /^connectsoft-(\d+)-/.exec(name) ?? [];
    if (pid !== undefined && Number(pid) !== process.pid && !isRunning(Number(pid)))
      await endGroup(join(place, name));
  }
}

/** No process is born in it any more, so that ending them comes to an end. */
async function endGroup(group: string): Promise<void> {
  await writeFile(join(group, "pids.max"), "0").catch(() => {});
  for (let tries = 0; tries < 200; tries++) {
    const listed = await readFile(join(group, "cgroup.procs"), "utf8").catch(() => "");
    for (const pid of listed.split("\n").filter((line) => line !== "")) endProcess(Number(pid));
    const gone = await rmdir(group).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code === "ENOENT",
    );
    if (gone) return;
    await new Promise((done) => setTimeout(done, 10));
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself between the look and the act.
  }
}
