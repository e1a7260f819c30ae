/**
 * Which process is which. A pid alone says little: it is reused. Together with the kernel's start time and
 * the boot it names one process for good, so that a service can be adopted, or killed, without mistake.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface ProcessIdentity {
  pid: number;
  /** Boot and kernel start time; another process with the same pid has another one. */
  startTime: string;
}

/** Environment variable that names the service of a process, for the case that its pid was never written down. */
export const markerVariable = "CONNECTSOFT_SERVICE";

/** Undefined where the process is gone; a zombie is gone too. */
export function identify(pid: number): ProcessIdentity | undefined {
  const stat = process.platform === "linux" ? readStat(pid) : readPs(pid);
  return stat === undefined || stat.zombie ? undefined : { pid, startTime: stat.startTime };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startTime === identity.startTime;
}

/** Signals the whole process group of a service; false where it is gone. */
export function signalGroup(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-identity.pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Members of a process group, its leader included. */
export function groupMembers(group: number): number[] {
  return processIds().filter((pid) => readStat(pid)?.group === group);
}

/** What a process was started with; it may have written over that. */
export function markerInEnvironment(pid: number): string | undefined {
  const variables = readText(`/proc/${pid}/environ`)?.split("\0") ?? [];
  return variables
    .find((variable) => variable.startsWith(`${markerVariable}=`))
    ?.slice(markerVariable.length + 1);
}

/** Number of the user that a process runs as. */
export function ownerOf(pid: number): number | undefined {
  const uid = /^Uid:\s+(\d+)/m.exec(readText(`/proc/${pid}/status`) ?? "")?.[1];
  return uid === undefined ? undefined : Number(uid);
}

export function processIds(): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

interface Stat {
  startTime: string;
  zombie: boolean;
  group: number;
}

function readStat(pid: number): Stat | undefined {
  const text = readText(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The command in parentheses may hold spaces and parentheses itself; fields count from the last one (proc(5)).
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state = "", , group = ""] = fields;
  return {
    startTime: `${bootId()}/${fields[19]}`,
    zombie: state === "Z" || state === "X",
    group: Number(group),
  };
}

let boot: string | undefined;
function bootId(): string {
  boot ??= readText("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
  return boot;
}

function readPs(pid: number): Stat | undefined {
  try {
    const [state = "", ...start] = execFileSync("ps", ["-o", "state=,lstart=", "-p", String(pid)])
      .toString()
      .trim()
      .split(/\s+/);
    return { startTime: start.join(" "), zombie: state.startsWith("Z"), group: pid };
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
