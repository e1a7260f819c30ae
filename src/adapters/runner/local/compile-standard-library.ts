/** Compiles packages of Go's standard library into a cache, as a build and as the tests of a module need them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { constants, setPriority } from "node:os";
import { join } from "node:path";
import type { Clock } from "../../../ports/clock.ts";
import { searchPath } from "./step-environment.ts";

export interface Surroundings {
  /** As Go names them: `std` for all. */
  packages: readonly string[];
  /** The settings of Go that the modules have. */
  environment: Record<string, string>;
  signal: AbortSignal;
  clock: Clock;
}

/** With -trimpath as a build, without it as tests: Go keeps the two apart. */
const compilations = [["build", "-trimpath"], ["build"]];
const longestMs = 15 * 60 * 1000;

/** Home and temporary files lie in `folder`. False where Go failed, or was ended. */
export async function compileStandardLibrary(
  folder: string,
  cache: string,
  around: Surroundings,
): Promise<boolean> {
  const [home, temporary] = [join(folder, "home"), join(folder, "tmp")];
  for (const made of [home, temporary, cache]) await mkdir(made);
  const env = {
    ...around.environment,
    PATH: searchPath(),
    HOME: home,
    TMPDIR: temporary,
    GOCACHE: cache,
    GOPROXY: "off",
  };
  for (const args of compilations) {
    if (around.signal.aborted) return false;
    const child = spawn("go", [...args, ...around.packages], { cwd: folder, env, stdio: "ignore" });
    if ((await exitOf(child, around)) !== 0) return false;
  }
  return true;
}

/** It holds no process back from ending, and ends with it. */
async function exitOf(child: ChildProcess, { signal, clock }: Surroundings): Promise<number | null> {
  const kill = () => child.kill("SIGKILL");
  // Whoever stops it waits for its end.
  const stop = () => {
    child.ref();
    kill();
  };
  const forget = clock.schedule(longestMs, kill);
  process.once("exit", kill);
  signal.addEventListener("abort", stop, { once: true });
  child.unref();
  try {
    if (child.pid !== undefined) giveWay(child.pid);
    const [code] = await once(child, "exit");
    return code;
  } finally {
    forget();
    process.off("exit", kill);
    signal.removeEventListener("abort", stop);
  }
}

function giveWay(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It ended already.
  }
}
