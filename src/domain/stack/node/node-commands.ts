/**
 * How packages are resolved, pruned and run, the same in every dialect and in the local runner. Pnpm and yarn
 * come through `npx` with an exact version: npm is part of every Node image, while corepack has left it, and
 * nothing has to be installed beside the module. Install scripts are other people's code with nobody watching,
 * so they do not run.
 */
import semver from "semver";
import type { Command, ModuleSpec, PackageManager } from "../../module/module-spec.ts";
import type { Cache } from "../stack.ts";
import * as npm from "./npm-commands.ts";

export interface Manager {
  name: PackageManager;
  version: string | undefined;
}

export interface InstallWish extends Manager {
  locked: boolean;
  /** Whether something is built or tested, so that development dependencies are needed. */
  development: boolean;
}

/** What was fetched once is taken from npm's cache, so that later steps can do without a network. */
const npx = ["npx", "--prefer-offline", "--yes"];
const pnpmQuiet = ["--ignore-scripts", "--reporter=append-only"];
const yarnQuiet = ["--ignore-scripts", "--non-interactive", "--no-progress"];

/** The package manager itself. */
export function program({ name, version }: Manager): Command {
  if (name === "pnpm") return [...npx, `pnpm@${version}`];
  if (name !== "yarn") return ["npm"];
  return [...npx, `${isBerry({ name, version }) ? "@yarnpkg/cli-dist" : "yarn"}@${version}`];
}

/** Yarn 2 and later: another program, with other commands, from another package. */
export function isBerry({ name, version }: Manager): boolean {
  return name === "yarn" && version !== undefined && semver.major(version) >= 2;
}

/**
 * With a lock file exactly what it says; without one resolved once, here. Development dependencies are left
 * out where nothing is built or tested with them.
 */
export function installCommand(wish: InstallWish): Command {
  const { name, locked, development } = wish;
  const run = program(wish);
  if (name === "pnpm")
    return [
      ...run,
      "install",
      locked ? "--frozen-lockfile" : "--no-frozen-lockfile",
      ...(development ? [] : ["--prod"]),
      ...pnpmQuiet,
    ];
  if (isBerry(wish)) return [...run, "install", locked ? "--immutable" : "--no-immutable"];
  if (name === "yarn")
    return [
      ...run,
      "install",
      ...(locked ? ["--frozen-lockfile"] : []),
      `--production=${!development}`,
      ...yarnQuiet,
    ];
  return npm.installCommand(locked, development);
}

/** Leaves in `node_modules` what the module needs to run; undefined where the manager has no command for it. */
export function pruneCommand(manager: Manager): Command | undefined {
  const run = program(manager);
  // Pnpm keeps what it took out for a week, in case it is wanted again, unless told otherwise.
  const atOnce = "--config.modules-cache-max-age=0";
  if (manager.name === "pnpm")
    return [...run, "install", "--prod", "--frozen-lockfile", "--offline", atOnce, ...pnpmQuiet];
  if (isBerry(manager))
    return semver.major(manager.version ?? "") >= 4
      ? [...run, "workspaces", "focus", "--all", "--production"]
      : undefined;
  if (manager.name === "yarn")
    return [...run, "install", "--frozen-lockfile", "--production=true", "--prefer-offline", ...yarnQuiet];
  return npm.pruneCommand;
}

/** Runs a script of the package, with arguments for the program that the script ends with. */
export function scriptCommand(manager: Manager, script: string, args: string[] = []): Command {
  const run = program(manager);
  if (manager.name !== "npm") return [...run, "run", script, ...args];
  const command = script === "test" ? ["npm", "test"] : ["npm", "run", script];
  return args.length === 0 ? command : [...command, "--", ...args];
}

/**
 * Variables of every step. Yarn takes its settings from them: a plain `node_modules`, which a release can carry
 * anywhere, and no install scripts.
 */
export function managerEnvironment(manager: Manager): Record<string, string> {
  if (!isBerry(manager)) return {};
  return { YARN_ENABLE_SCRIPTS: "false", YARN_ENABLE_TELEMETRY: "0", YARN_NODE_LINKER: "node-modules" };
}

export function cachesOf(module: Pick<ModuleSpec, "packageManager" | "packageManagerVersion">): Cache[] {
  const manager = { name: module.packageManager, version: module.packageManagerVersion };
  const downloads = { name: "npm", variable: "npm_config_cache", folder: ".npm" };
  if (manager.name === "pnpm")
    return [downloads, { name: "pnpm", variable: storeVariable(manager), folder: ".pnpm-store" }];
  if (isBerry(manager))
    return [downloads, { name: "yarn", variable: "YARN_GLOBAL_FOLDER", folder: ".yarn-global" }];
  if (manager.name === "yarn")
    return [downloads, { name: "yarn", variable: "YARN_CACHE_FOLDER", folder: ".yarn-cache" }];
  return [downloads];
}

/** Pnpm 11 has stopped to read npm's names. */
function storeVariable({ version }: Manager): string {
  return semver.major(version ?? "10.0.0") >= 11 ? "pnpm_config_store_dir" : "npm_config_store_dir";
}
