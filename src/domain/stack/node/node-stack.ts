/** Node.js: a package.json, resolved by npm. */
import type { ModuleFolder, Stack, StackFacts } from "../stack.ts";
import { installCommand, pruneCommand } from "./npm-commands.ts";
import { buildCommand, isLocked, requireNpm, startCommand, testCommand } from "./package-conventions.ts";
import { readPackageFile, unscopedName } from "./package-file.ts";

const defaultVersion = "24";

export const nodeStack: Stack = {
  runtime: "node",
  label: "Node.js",
  describes: (path) => path === "package.json",
  recognise,
  toolchain: (module) => ({
    install: installCommand(module.locked, module.build !== undefined || module.test !== undefined),
    prune: pruneCommand,
    caches: [{ name: "npm", variable: "npm_config_cache", folder: ".npm" }],
    testEnvironment: {},
    reports: {},
    inventories: (path) => path === "package-lock.json" || path === "node_modules/.package-lock.json",
    leavesOut: () => false,
  }),
};

function recognise(folder: ModuleFolder): StackFacts | undefined {
  const text = folder.read("package.json");
  if (text === undefined) return undefined;
  const file = readPackageFile(text);
  const { name, version } = file;
  const packageFolder = { file, paths: folder.paths };
  requireNpm(packageFolder);
  const build = buildCommand(packageFolder);
  const test = testCommand(packageFolder);
  const start = startCommand(packageFolder);
  const locks = ["package-lock.json", "npm-shrinkwrap.json"].filter((lock) => folder.paths.has(lock));
  return {
    packageManager: "npm",
    runtimeVersion: defaultVersion,
    locked: isLocked(packageFolder),
    manifestFiles: ["package.json", ...locks],
    ...(name === undefined ? {} : { name: { value: unscopedName(name), from: "name in package.json" } }),
    ...(version === undefined ? {} : { version: { value: version, from: "version in package.json" } }),
    ...(build === undefined ? {} : { build }),
    ...(test === undefined ? {} : { test }),
    ...(start === undefined ? {} : { start }),
    noStart: {
      lookedFor:
        "in package.json no start script and no bin or main that is there; no server.js, no index.js",
      next: "Add a start script (`npm pkg set scripts.start='node server.js'`), or say it with --start.",
    },
  };
}
