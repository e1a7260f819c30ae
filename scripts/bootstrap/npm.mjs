import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { fail } from "./fail.mjs";

/**
 * What the lock file says, quiet unless it fails. Not `npm ci`: that takes the folder away under a server that runs
 * from it, and refuses a lock file made where the registry lacks an optional package of another platform.
 */
export async function installDependencies(root) {
  process.stderr.write("Installing dependencies (first run, or they changed) ...\n");
  // npm writes its record last, so that a kill in the middle leaves none and the next run repeats it.
  rmSync(path.join(root, "node_modules/.package-lock.json"), { force: true });
  await runNpm(["install", "--no-save"], root, "the dependencies could not be installed");
}

/** Rejects with npm's own words where it fails. */
export function runNpm(args, directory, failure) {
  const [program, first] = npmCommand();
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--no-update-notifier", "--progress=false"];
  return new Promise((resolve, reject) => {
    const npm = spawn(program, [...first, ...args, ...quiet], {
      cwd: directory,
      env: withoutNpmVariables(),
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    let output = "";
    for (const stream of [npm.stdout, npm.stderr]) stream.on("data", (chunk) => (output += chunk));
    npm.on("error", (error) => reject(fail(`${failure}: ${error.message}`, "Install npm and try again.")));
    npm.on("close", (code) => {
      if (code === 0) return resolve();
      reject(
        fail(
          `${failure} (npm ended with ${code}):\n${output.trim()}`,
          "Mend what npm says and run it again.",
        ),
      );
    });
  });
}

/** The npm that started us, else the one on the path. */
function npmCommand() {
  const started = process.env.npm_execpath;
  if (started !== undefined && /npm-cli\.[cm]?js$/.test(started)) return [process.execPath, [started]];
  return ["npm", []];
}

/** What `npm run` hands its children would be taken for the configuration of this installation. */
function withoutNpmVariables() {
  const ours =
    /^npm_(package|lifecycle|command|node)|^npm_config_(local_prefix|global_prefix|prefix|omit|production|ignore_scripts)$/;
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !ours.test(name) && name !== "NODE_ENV"),
  );
}
