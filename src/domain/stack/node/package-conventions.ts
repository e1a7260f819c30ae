/** What a Node package says by convention: how it starts, is built and is tested. */
import { posix } from "node:path";
import { plainWords } from "../../module/command-words.ts";
import type { Command } from "../../module/module-spec.ts";
import { refuse } from "../../refusal.ts";
import { type PackageFile, script, unscopedName } from "./package-file.ts";

export interface PackageFolder {
  file: PackageFile;
  /** Every path of the module. */
  paths: ReadonlySet<string>;
}

const npmLocks = ["package-lock.json", "npm-shrinkwrap.json"];
const foreignLocks: Record<string, string> = {
  "pnpm-lock.yaml": "pnpm",
  "yarn.lock": "yarn",
  "bun.lock": "bun",
  "bun.lockb": "bun",
};

export function isLocked({ paths }: PackageFolder): boolean {
  return npmLocks.some((lock) => paths.has(lock));
}

/** Refuses with ModuleInvalid what npm could not resolve. */
export function requireNpm(folder: PackageFolder): void {
  const foreign = Object.keys(foreignLocks).find((lock) => folder.paths.has(lock));
  if (foreign !== undefined && !isLocked(folder))
    throw refuse(
      "ModuleInvalid",
      `${foreign} is of ${foreignLocks[foreign]}; expected a module that npm resolves, as other package managers are not supported yet.`,
      "Run `npm install --package-lock-only` and hand over the package-lock.json that it writes.",
    );
  const { dependencies, devDependencies } = folder.file;
  const outside = Object.entries({ ...devDependencies, ...dependencies }).find(([, range]) =>
    /^(workspace|catalog):/.test(range),
  );
  if (outside !== undefined)
    throw refuse(
      "ModuleInvalid",
      `package.json asks for ${outside[0]} ${outside[1]}, which lies outside the module; expected dependencies that npm resolves from a registry.`,
      "Publish that package, or hand over the folder that the workspace packs (`npm pack`).",
    );
}

/**
 * A package as the registry gives it: built already, with neither the sources nor the tests that its scripts
 * speak of. Told by what publishing leaves behind: a list of published files, no lock, no ignore rules.
 */
export function isPublished({ file, paths }: PackageFolder): boolean {
  const hasLock = [...npmLocks, ...Object.keys(foreignLocks)].some((lock) => paths.has(lock));
  const canBe = file.private !== true && file.files !== undefined && file.files.length > 0;
  return canBe && !hasLock && !paths.has(".gitignore");
}

export function buildCommand(folder: PackageFolder): Command | undefined {
  if (script(folder.file, "build") === undefined || isPublished(folder)) return undefined;
  return ["npm", "run", "build"];
}

export function testCommand(folder: PackageFolder): Command | undefined {
  if (script(folder.file, "test") === undefined) return undefined;
  if (isPublished(folder) && ![...folder.paths].some(isTestFile)) return undefined;
  return ["npm", "test"];
}

/**
 * By start script, then bin, main, server.js and index.js. A script that only calls node becomes that call, so
 * that a signal reaches the service itself and not a shell around it.
 */
export function startCommand(folder: PackageFolder): Command | undefined {
  const { file } = folder;
  const text = script(file, "start");
  const hooked = script(file, "prestart") !== undefined || script(file, "poststart") !== undefined;
  const words = text === undefined || hooked ? undefined : plainWords(text);
  if (words?.[0] === "node" && words.length > 1 && startsWhatIsThere(folder, words)) return words;
  if (text !== undefined && !isPublished(folder)) return ["npm", "run", "start", "--silent"];
  const entry =
    binEntry(folder) ?? mainEntry(folder) ?? ["server.js", "index.js"].find((path) => folder.paths.has(path));
  return entry === undefined ? undefined : ["node", entry];
}

/** In a published package a script may speak of sources that stayed behind. */
function startsWhatIsThere(folder: PackageFolder, words: Command): boolean {
  if (!isPublished(folder)) return true;
  const file = words.slice(1).find((word) => !word.startsWith("-"));
  return file !== undefined && resolveEntry(folder, file) !== undefined;
}

function binEntry(folder: PackageFolder): string | undefined {
  const { bin, name = "" } = folder.file;
  if (bin === undefined) return undefined;
  if (typeof bin === "string") return resolveEntry(folder, bin);
  const own = Object.hasOwn(bin, unscopedName(name)) ? bin[unscopedName(name)] : undefined;
  const programs = [...new Set(Object.values(bin))];
  const chosen = own ?? (programs.length === 1 ? programs[0] : undefined);
  return chosen === undefined ? undefined : resolveEntry(folder, chosen);
}

function mainEntry(folder: PackageFolder): string | undefined {
  const { main } = folder.file;
  return main === undefined ? undefined : resolveEntry(folder, main);
}

/** The file that node would load; one that the build makes need not be there yet. Never outside the module. */
function resolveEntry(folder: PackageFolder, entry: string): string | undefined {
  const path = posix.normalize(entry);
  if (
    posix.isAbsolute(path) ||
    path.startsWith("..") ||
    path.startsWith("-") ||
    path === "." ||
    path.includes("\0")
  )
    return undefined;
  const stem = path.replace(/\/$/, "");
  const candidates = [stem, `${stem}.js`, `${stem}/index.js`];
  const found = candidates.find((candidate) => folder.paths.has(candidate));
  return found ?? (buildCommand(folder) === undefined ? undefined : stem);
}

function isTestFile(path: string): boolean {
  return /(^|\/)(tests?|spec|__tests__|e2e)\//.test(path) || /(^|[./-])(test|spec)\.[cm]?[jt]sx?$/.test(path);
}
