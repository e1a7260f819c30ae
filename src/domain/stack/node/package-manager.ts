/** Which package manager resolves a package, and which version of it. */
import semver from "semver";
import type { PackageManager } from "../../module/module-spec.ts";
import { refuse } from "../../refusal.ts";
import type { ModuleFolder } from "../stack.ts";
import type { PackageFile } from "./package-file.ts";

export type NodeManager = "npm" | "pnpm" | "yarn";

export interface ChosenManager {
  name: NodeManager;
  /** Exact: what the package pins, else the one that its lock file was written for. Npm comes with Node. */
  version: string | undefined;
  /** The lock files of this manager that are there. */
  locks: string[];
}

/** In the order in which npm itself prefers them. */
const lockFiles: Record<NodeManager | "bun", string[]> = {
  npm: ["npm-shrinkwrap.json", "package-lock.json"],
  pnpm: ["pnpm-lock.yaml"],
  yarn: ["yarn.lock"],
  bun: ["bun.lock", "bun.lockb"],
};
const managers = Object.keys(lockFiles) as (keyof typeof lockFiles)[];

/** Reviewed: a version that takes each form of lock file as it is; a newer one would want to write it anew. */
const pnpmByLock: Record<string, string> = { 5: "7.33.7", 6: "8.15.9", 9: "10.34.9" };
const pnpmPreferred = "10.34.9";
const yarnClassic = "1.22.22";
const berryByLock: Record<string, string> = {
  4: "2.4.2",
  5: "3.8.7",
  6: "3.8.7",
  8: "4.9.2",
  9: "4.14.0",
  10: "4.18.1",
};
const berryPreferred = "4.18.1";

/** module.yaml, then package.json, then the one lock file that is there. Refuses what these leave open or gainsay. */
export function chooseManager(
  file: PackageFile,
  folder: ModuleFolder,
  asked: PackageManager | undefined,
): ChosenManager {
  const pin = pinned(file);
  const name = asked ?? pin?.name ?? nameByLocks(folder);
  if (name !== "npm" && name !== "pnpm" && name !== "yarn") throw unsupported(name);
  const locks = lockFiles[name].filter((lock) => folder.paths.has(lock));
  const foreign = managers.flatMap((each) => lockFiles[each]).find((lock) => folder.paths.has(lock));
  if (locks.length === 0 && foreign !== undefined)
    throw refuse(
      "ModuleInvalid",
      `${foreign} is there, but ${asked === undefined ? "packageManager in package.json" : "module.yaml"} says ${name}, which does not read it.`,
      `Let ${name} write its own lock file and remove ${foreign}, or name the package manager that wrote it.`,
    );
  const version = pin?.name === name ? pin.version : undefined;
  return { name, version: version ?? versionByLock(name, folder), locks };
}

/** Lock files of any manager that are there. */
export function locksIn(paths: ReadonlySet<string>): string[] {
  return managers.flatMap((name) => lockFiles[name]).filter((lock) => paths.has(lock));
}

function nameByLocks({ paths }: ModuleFolder): string {
  const found = managers.filter((name) => lockFiles[name].some((lock) => paths.has(lock)));
  const [only, other] = found;
  if (only === undefined) return nameBySettings(paths);
  if (other === undefined) return only;
  const locks = locksIn(paths);
  throw refuse(
    "ModuleInvalid",
    `${locks.join(" and ")} are both there, and nothing says whether ${found.join(" or ")} resolves the module; expected one lock file, or a choice.`,
    `Remove the stale one, or choose: \`npm pkg set packageManager=${other}@<version>\`, or \`packageManager: ${other}\` in module.yaml.`,
  );
}

function nameBySettings(paths: ReadonlySet<string>): NodeManager {
  if (paths.has("pnpm-workspace.yaml")) return "pnpm";
  return paths.has(".yarnrc.yml") ? "yarn" : "npm";
}

/** `pnpm@10.1.0+sha512.…`, or the `devEngines.packageManager` of newer packages, which may leave the version open. */
function pinned(file: PackageFile): { name: string; version: string | undefined } | undefined {
  if (file.packageManager !== undefined) {
    const [, name = "", version = ""] = /^([a-z]+)@([^+]+)/.exec(file.packageManager) ?? [];
    if (semver.valid(version) !== null) return { name, version };
    throw refuse(
      "ModuleInvalid",
      `package.json: packageManager: ${JSON.stringify(file.packageManager)} was given; expected a name with an exact version, such as pnpm@${pnpmPreferred}.`,
      `Correct it: \`npm pkg set packageManager=pnpm@${pnpmPreferred}\`, or remove it.`,
    );
  }
  const engine = [file.devEngines?.packageManager].flat()[0];
  if (typeof engine !== "object" || engine === null || !("name" in engine)) return undefined;
  const version = "version" in engine && typeof engine.version === "string" ? engine.version : "";
  return { name: String(engine.name), version: semver.valid(version) ?? undefined };
}

function versionByLock(name: NodeManager, folder: ModuleFolder): string | undefined {
  if (name === "npm") return undefined;
  if (name === "pnpm") {
    const form = /^lockfileVersion:\s*['"]?(\d+)/m.exec(folder.read("pnpm-lock.yaml") ?? "")?.[1];
    return known("pnpm-lock.yaml", form, pnpmByLock) ?? pnpmPreferred;
  }
  const release = /^yarnPath:.*yarn-(\d+\.\d+\.\d+)\.cjs/m.exec(folder.read(".yarnrc.yml") ?? "")?.[1];
  if (release !== undefined) return release;
  const lock = folder.read("yarn.lock");
  const form = /^__metadata:\s+version:\s*["']?(\d+)/m.exec(lock ?? "")?.[1];
  if (form !== undefined) return known("yarn.lock", form, berryByLock);
  return lock === undefined && folder.paths.has(".yarnrc.yml") ? berryPreferred : yarnClassic;
}

function known(lock: string, form: string | undefined, versions: Record<string, string>): string | undefined {
  if (form === undefined) return undefined;
  const version = Object.hasOwn(versions, form) ? versions[form] : undefined;
  if (version !== undefined) return version;
  throw refuse(
    "ModuleInvalid",
    `${lock} has form ${form}; expected one of ${Object.keys(versions).join(", ")}, or the exact version that wrote it.`,
    "Say which version resolves the module: `packageManager` in package.json, such as pnpm@10.1.0.",
  );
}

function unsupported(name: string): Error {
  return refuse(
    "ModuleInvalid",
    `${JSON.stringify(name)} resolves the module; expected npm, pnpm or yarn.`,
    "Run `npm install --package-lock-only`, and hand over the package-lock.json that it writes, without another lock file.",
  );
}
