/** Begins a supervisor as a process of its own, with its code compiled before. */
import { execFile, spawn } from "node:child_process";
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Layout, makeDirectory } from "./layout.ts";
import { minimalEnvironment } from "./runtimes/process/service-command.ts";
import { runtimeEnvironment } from "./runtimes/runtime-environment.ts";

const logLimitBytes = 1024 * 1024;
const entry = fileURLToPath(new URL("./supervisor/main.ts", import.meta.url));
/** It lives for months and has time: memory that is given back counts for more than speed. */
const nodeFlags = ["--max-semi-space-size=1", "--optimize-for-size", "--disable-warning=ExperimentalWarning"];
/** A core dump of it would hold secrets. */
const undumped = ["-c", 'ulimit -c 0; exec "$@"', "connectsoft"];

export async function spawnSupervisor(
  layout: Layout,
  routerPort: number | undefined,
): Promise<{ exitCode(): number | undefined }> {
  await compile(layout).catch(() => {});
  rotate(layout.log);
  const log = openSync(layout.log, "a", 0o600);
  const port = routerPort === undefined ? [] : [String(routerPort)];
  const command = [process.execPath, ...nodeFlags, entry, layout.directory, ...port];
  const child = spawn("/bin/sh", [...undumped, ...command], {
    cwd: layout.directory,
    detached: true,
    env: environment(layout),
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.unref();
  child.on("error", () => {});
  return { exitCode: () => child.exitCode ?? (child.signalCode === null ? undefined : 1) };
}

/** Once for each version of the code, by a short process: who compiles it keeps the compiler in its memory for life. */
async function compile(layout: Layout): Promise<void> {
  const done = join(layout.code, `${process.version}-${newestMs(import.meta.dirname)}`);
  if (existsSync(done)) return;
  rmSync(layout.code, { recursive: true, force: true });
  makeDirectory(layout.code);
  await promisify(execFile)(process.execPath, [...nodeFlags, entry], { env: environment(layout) });
  writeFileSync(done, "", { mode: 0o600 });
}

function environment(layout: Layout): NodeJS.ProcessEnv {
  // One arena: glibc would keep memory for each thread apart.
  const own = { NODE_COMPILE_CACHE: layout.code, MALLOC_ARENA_MAX: "1" };
  return { ...minimalEnvironment(), ...runtimeEnvironment(), ...own };
}

/** When any of the code was last changed. */
function newestMs(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return Math.max(
    ...files.map((file) => statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0),
  );
}

function rotate(log: string): void {
  if ((statSync(log, { throwIfNoEntry: false })?.size ?? 0) > logLimitBytes) renameSync(log, `${log}.1`);
}
