/** What another user can reach by the permissions along a path, and where a closed folder is in its way. */
import { accessSync, constants, readdirSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";

const othersRead = 0o004;
const othersEnter = 0o001;

/** The first folder on the way to a path that others may not enter. */
export function closedFolder(path: string): string | undefined {
  const parent = dirname(path);
  if (parent === path) return undefined;
  return closedFolder(parent) ?? (mode(parent) & othersEnter ? undefined : parent);
}

/** The first of the folder and its entries that others may not read; links lead elsewhere and are not followed. */
export function unreadableEntry(folder: string): string | undefined {
  if ((mode(folder) & (othersRead | othersEnter)) !== (othersRead | othersEnter)) return folder;
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.isSymbolicLink());
  const unreadable = entries.find(({ name }) => !(mode(join(folder, name)) & othersRead));
  return unreadable === undefined ? undefined : join(folder, unreadable.name);
}

/** Where a program really is; undefined where there is none. */
export function findProgram(program: string, directory: string, path: string): string | undefined {
  const candidates = program.includes("/")
    ? [resolve(directory, program)]
    : path.split(delimiter).map((folder) => join(resolve(directory, folder), program));
  const found = candidates.find(isProgram);
  return found === undefined ? undefined : realpathSync(found);
}

export function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function mode(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
}
