/**
 * Gets a clone ready to run: its dependencies, and a Node that runs TypeScript. Plain JavaScript without
 * dependencies, for Node 18 and newer, because it runs before anything is installed.
 */
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { buildStudio } from "./bootstrap/build-studio.mjs";
import { fail } from "./bootstrap/fail.mjs";
import { cacheDirectory, cachedNode, installNode, isGoodNode } from "./bootstrap/node-runtime.mjs";
import { installDependencies } from "./bootstrap/npm.mjs";
import { runToEnd } from "./bootstrap/run-to-end.mjs";
import { withLock } from "./bootstrap/with-lock.mjs";

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Runs `connectsoft` or `studio`: in this process where it can, else with a Node that can. Sets the exit code. */
export async function runProgram(program, args) {
  const node = await prepare();
  if (startsServer(program, args)) await buildStudio(node, root);
  if (node !== process.execPath) {
    process.exitCode = await runToEnd(node, [path.join(root, "bin", `${program}.mjs`), ...args]);
    return;
  }
  const { enableCompileCache } = await import("node:module");
  enableCompileCache?.();
  const { main } = await import(pathToFileURL(path.join(root, "src/main.ts")).href);
  process.exitCode = await main(program, args);
}

/** Commands that are about to show Studio, or whose server will; the others need none of it. */
function startsServer(program, [command]) {
  return program === "studio" ? command === undefined : ["serve", "deliver", "studio"].includes(command);
}

/**
 * Ensures dependencies and Node; puts that Node first on the path of every child, and has them all keep what they
 * compile. Returns its executable.
 */
export async function prepare() {
  if (!dependenciesAreCurrent()) {
    await withLock({ name: "dependencies", subject: root, does: "installs the dependencies" }, async () => {
      if (dependenciesAreCurrent()) return;
      await installDependencies(root);
      if (dependenciesAreCurrent()) return;
      throw fail(
        "npm did not install what package-lock.json says",
        "Run npm install, and commit its package-lock.json.",
      );
    });
  }
  linkPrograms();
  const node = await findNode();
  process.env.NODE_COMPILE_CACHE ??= path.join(cacheDirectory(), "compile-cache");
  process.env.PATH = [path.dirname(node), process.env.PATH].filter(Boolean).join(path.delimiter);
  return node;
}

async function findNode() {
  if (isGoodNode(process.versions.node)) return process.execPath;
  const cached = cachedNode();
  if (existsSync(cached)) return cached;
  await withLock({ name: "node", subject: cached, does: "installs Node 24" }, async () => {
    if (!existsSync(cached)) await installNode();
  });
  return cached;
}

/**
 * npm writes `node_modules/.package-lock.json` when an installation is whole: every package that the lock
 * file wants on this platform must stand there with the same version and content.
 */
function dependenciesAreCurrent() {
  const wanted = readLock(path.join(root, "package-lock.json"));
  const installed = readLock(path.join(root, "node_modules/.package-lock.json"));
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted).every(([place, entry]) => {
    const found = installed[place];
    if (place === "" || (found === undefined && isForElsewhere(entry))) return true;
    return found?.version === entry.version && found?.integrity === entry.integrity;
  });
}

function isForElsewhere(entry) {
  if (!entry.optional && !entry.devOptional) return false;
  const { os, cpu, libc } = entry;
  const here = os?.includes(process.platform) && (cpu === undefined || cpu.includes(process.arch));
  return !here || libc !== undefined;
}

function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** `npx connectsoft` looks here; npm itself does not link the programs of the package that it stands in. */
function linkPrograms() {
  for (const program of ["connectsoft", "studio"]) {
    const link = path.join(root, "node_modules/.bin", program);
    if (existsSync(link) || process.platform === "win32") continue;
    try {
      mkdirSync(path.dirname(link), { recursive: true });
      symlinkSync(`../../bin/${program}.mjs`, link);
    } catch {
      // Read-only, or another process was faster: the programs still run by `node bin/...`.
    }
  }
}
