/** What a Node package says by convention: how it starts, is built and is tested. */
import { posix } from "node:path";
import { plainWords } from "../../module/command-words.ts";
import type { Command } from "../../module/module-spec.ts";
import { refuse } from "../../refusal.ts";
import { type PackageFile, script, unscopedName } from "./package-file.ts";
import { locksIn } from "./package-manager.ts";

export interface PackageFolder {
  file: PackageFile;
  /** Every path of the module. */
  paths: ReadonlySet<string>;
}

/** Refuses with ModuleInvalid what lies in a workspace around the module, where nothing can resolve it. */
export function requireWithin({ file, paths }: PackageFolder): void {
  const workspace = file.workspaces !== undefined || paths.has("pnpm-workspace.yaml");
  if (workspace) return;
  const catalogs = paths.has(".yarnrc.yml");
  const outside = Object.entries({ ...file.devDependencies, ...file.dependencies }).find(
    ([, range]) => range.startsWith("workspace:") || (range.startsWith("catalog:") && !catalogs),
  );
  if (outside === undefined) return;
  throw refuse(
    "ModuleInvalid",
    `package.json asks for ${outside[0]} ${outside[1]}, which lies outside the module; expected dependencies that a registry has.`,
    "Hand over the workspace's own folder, publish that package, or hand over what the workspace packs (`npm pack`).",
  );
}

/**
 * A package as the registry gives it: built already, with neither the sources nor the tests that its scripts
 * speak of. Told by what publishing leaves behind: no lock, no ignore rules, and a list of published files or
 * what was built without what it was built from.
 */
export function isPublished({ file, paths }: PackageFolder): boolean {
  const hasLock = locksIn(paths).length > 0;
  if (file.private === true || hasLock || paths.has(".gitignore")) return false;
  return (file.files !== undefined && file.files.length > 0) || isBuiltOnly(file, paths);
}

function isBuiltOnly({ main = "" }: PackageFile, paths: ReadonlySet<string>): boolean {
  const entry = posix.normalize(main);
  const built = /^(dist|build)\//.test(entry) && (paths.has(entry) || paths.has(`${entry}.js`));
  return built && ![...paths].some((path) => path.startsWith("src/"));
}

/** Whether the package has something to build: a script of that name, with its sources beside it. */
export function isBuilt(folder: PackageFolder): boolean {
  return script(folder.file, "build") !== undefined && !isPublished(folder);
}

/** The text of the test script, where what it tests is there. */
export function testScript(folder: PackageFolder): string | undefined {
  const text = script(folder.file, "test");
  if (text === undefined) return undefined;
  return isPublished(folder) && ![...folder.paths].some(isTestFile) ? undefined : text;
}

/**
 * By start script, then bin, main, server.js and index.js. One that is named for production is stronger, because
 * the other then is for developing. A script that only calls node becomes that call, so that a signal reaches
 * the service itself and not a shell around it. Npm runs the script whoever resolved the package: it is in every
 * image of Node.
 */
export function startCommand(folder: PackageFolder): Command | undefined {
  const { file } = folder;
  const name = startScript(file) ?? "start";
  const text = script(file, name);
  const hooked = script(file, `pre${name}`) !== undefined || script(file, `post${name}`) !== undefined;
  const words = text === undefined || hooked ? undefined : plainWords(text);
  if (words?.[0] === "node" && words.length > 1 && startsWhatIsThere(folder, words)) return words;
  if (text !== undefined && !isPublished(folder)) return ["npm", "run", name, "--silent"];
  const entry =
    binEntry(folder) ?? mainEntry(folder) ?? ["server.js", "index.js"].find((path) => folder.paths.has(path));
  return entry === undefined ? undefined : ["node", entry];
}

/** The name of the script that starts it. */
export function startScript(file: PackageFile): string | undefined {
  return ["start:prod", "start:production", "start"].find((name) => script(file, name) !== undefined);
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
  return found ?? (isBuilt(folder) ? stem : undefined);
}

function isTestFile(path: string): boolean {
  return /(^|\/)(tests?|spec|__tests__|e2e)\//.test(path) || /(^|[./-])(test|spec)\.[cm]?[jt]sx?$/.test(path);
}
