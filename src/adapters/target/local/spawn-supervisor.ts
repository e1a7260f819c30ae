/** Begins a supervisor as a process of its own, with its code compiled before. */
import { spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { codeFolder, compileOnce } from "./compile-once.ts";
import type { Layout } from "./layout.ts";
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
  const code = codeFolder(layout.code);
  const env = environment(code);
  const revision = String(newestMs(import.meta.dirname));
  // Where it fails, the supervisor compiles its code itself.
  await compileOnce({ entry, args: [], nodeFlags, revision, code }, env).catch(() => {});
  rotate(layout.log);
  const log = openSync(layout.log, "a", 0o600);
  const port = routerPort === undefined ? [] : [String(routerPort)];
  const command = [process.execPath, ...nodeFlags, entry, layout.directory, ...port];
  const child = spawn("/bin/sh", [...undumped, ...command], {
    cwd: layout.directory,
    detached: true,
    env,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.unref();
  child.on("error", () => {});
  return { exitCode: () => child.exitCode ?? (child.signalCode === null ? undefined : 1) };
}

function environment(code: string): NodeJS.ProcessEnv {
  // One arena: glibc would keep memory for each thread apart.
  const own = { NODE_COMPILE_CACHE: code, MALLOC_ARENA_MAX: "1" };
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
