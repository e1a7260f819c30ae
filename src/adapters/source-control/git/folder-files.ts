/** The files of a folder that belong to its module: what is not ignored, read so that no half-written file gets in. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, readlinkSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import type { IncomingFile } from "./fast-import.ts";
import {
  checkLinks,
  checkNames,
  checkSize,
  checkTotal,
  isLfsPointer,
  type ModuleLimits,
  moduleInvalid,
  readNames,
  refuseEmpty,
  refuseInnerRepository,
  refuseLfsPointer,
} from "./module-rules.ts";
import { runGit } from "./run-git.ts";

/** Never part of a module, whatever its .gitignore says: resolved dependencies, and our own data folder. */
export const leftOut = ["node_modules", ".connectsoft"];

export interface FolderToRead {
  folder: string;
  /** The folder as it was named, for messages. */
  source: string;
  limits: ModuleLimits;
}

/** Paths of the module, by git's own reading of every .gitignore; refuses what cannot be stored, by name. */
export async function listModule(
  from: FolderToRead,
  git: { gitDir: string; indexFile: string; without: string[] },
): Promise<string[]> {
  const { folder, source } = from;
  const options = { gitDir: git.gitDir, workTree: folder, indexFile: git.indexFile };
  const never = leftOut.map((name) => `--exclude=${name}`);
  const args = ["ls-files", "--others", "-z", "--exclude-standard", ...never, "--", ".", ...git.without];
  const { stdout } = await runGit(args, options);
  const paths = readNames(stdout, source);
  const inner = paths.find((path) => path.endsWith("/"));
  if (inner !== undefined) throw refuseInnerRepository(inner.slice(0, -1), source);
  await refuseSpecialFiles(from, async (names) => {
    const input = names.map((name) => `${name}\0`).join("");
    const ignored = await runGit(["check-ignore", "--no-index", "-z", "--stdin"], {
      ...options,
      input,
      accept: [1],
    });
    const known = new Set(ignored.stdout.toString("utf8").split("\0"));
    return names.filter((name) => !known.has(name));
  });
  if (paths.length === 0) throw refuseEmpty(source);
  checkNames(paths, source);
  return paths;
}

/** Reads in short turns, so that a large folder does not keep everybody else waiting. */
export async function* readModule(from: FolderToRead, paths: string[]): AsyncIterable<IncomingFile> {
  const { source, limits } = from;
  const targets = new Map<string, string>();
  let bytes = 0;
  let turnEndsAt = performance.now() + turnMs;
  for (const [index, path] of paths.entries()) {
    const file = readFile(from, path);
    bytes += file.content.length;
    checkTotal({ files: index + 1, bytes }, source, limits);
    if (file.mode === "120000") targets.set(path, Buffer.from(file.content).toString("utf8"));
    else if (isLfsPointer(file.content)) throw refuseLfsPointer(path, source);
    yield file;
    if (performance.now() < turnEndsAt) continue;
    await breathe();
    turnEndsAt = performance.now() + turnMs;
  }
  checkLinks(targets, source);
}

const turnMs = 5;
const mostReadings = 3;

function readFile(from: FolderToRead, path: string): IncomingFile {
  const place = join(from.folder, path);
  try {
    for (let reading = 0; reading < mostReadings; reading += 1) {
      const found = lstatSync(place);
      if (found.isSymbolicLink())
        return { path, mode: "120000", content: readlinkSync(place, { encoding: "buffer" }) };
      checkSize({ path, bytes: found.size }, from.source, from.limits);
      const content = readUnchanged(place);
      if (content !== undefined)
        return { path, mode: (found.mode & 0o100) === 0 ? "100644" : "100755", content };
    }
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "EACCES" && code !== "EPERM" && code !== "ENOENT" && code !== "ELOOP") throw error;
    throw moduleInvalid(
      `${path} in ${from.source} could not be read: ${code === "ENOENT" ? "it went away meanwhile" : "permission denied"}.`,
      "Hand the folder over when nothing writes to it, from an account that may read all of it.",
    );
  }
  throw moduleInvalid(
    `${path} in ${from.source} changes while it is read.`,
    "Hand the folder over when nothing writes to it.",
  );
}

/** Undefined where the file was written to in between; a link that took its place is not followed. */
function readUnchanged(place: string): Buffer | undefined {
  const file = openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const before = fstatSync(file);
    const content = readFileSync(file);
    const after = fstatSync(file);
    const same = before.mtimeMs === after.mtimeMs && before.size === after.size;
    return same && content.length === after.size ? content : undefined;
  } finally {
    closeSync(file);
  }
}

async function refuseSpecialFiles(
  { folder, source }: FolderToRead,
  notIgnored: (names: string[]) => Promise<string[]>,
): Promise<void> {
  const special: string[] = [];
  const pending = [""];
  for (let prefix = pending.pop(); prefix !== undefined; prefix = pending.pop()) {
    for (const entry of await readdir(join(folder, prefix), { withFileTypes: true })) {
      if (entry.name === ".git" || leftOut.includes(entry.name)) continue;
      if (entry.isDirectory()) pending.push(`${prefix}${entry.name}/`);
      else if (!entry.isFile() && !entry.isSymbolicLink()) special.push(`${prefix}${entry.name}`);
    }
  }
  const [first] = special.length === 0 ? [] : await notIgnored(special);
  if (first !== undefined)
    throw moduleInvalid(
      `${first} in ${source} is a pipe, socket or device; expected files, folders and links.`,
      "Remove it, or leave it out with .gitignore.",
    );
}
