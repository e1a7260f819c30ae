/** Looks at the processes of this machine (Linux: /proc). */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export interface Process {
  pid: number;
  command: string;
}

/** Processes that belong to a data directory: they name it on their command line, or work in it. */
export function processesOf(directory: string): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const command = commandLine(name);
      if (
        command === undefined ||
        !(command.includes(directory) || workingDirectory(name).startsWith(directory))
      )
        return [];
      return [{ pid: Number(name), command }];
    });
}

/** Services of an installation that run the code of a package of this name. */
export function servicesOf(home: string, packageName: string): Process[] {
  return processesOf(home).filter(({ pid }) => {
    const folder = workingDirectory(String(pid));
    if (!folder.startsWith(path.join(home, "artifacts"))) return false;
    return JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")).name === packageName;
  });
}

/** Resolves when none is left; tells which ones are otherwise. */
export async function allEnded(directory: string, patienceMs = 10_000): Promise<void> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const left = processesOf(directory);
    if (left.length === 0) return;
    if (Date.now() > deadline)
      throw new Error(`still there: ${left.map(({ pid, command }) => `${pid} ${command}`).join("; ")}`);
    await pause(50);
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Undefined for what has ended: a zombie has no command line. */
function commandLine(pid: string): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return text === "" ? undefined : text.replaceAll("\0", " ").trim();
  } catch {
    return undefined;
  }
}

function workingDirectory(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}
