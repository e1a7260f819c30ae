/** The files of a folder that belong to its module: what is not ignored, read so that no half-written file gets in. */
import { closeSync, constants, existsSync, fstatSync, openSync, readlinkSync, readSync } from "node:fs";
import { join } from "node:path";
import { shortTurns } from "./breathe.ts";
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
import { type GitOptions, runGit } from "./run-git.ts";
import { leftOut, walkFolder } from "./walk-folder.ts";

export interface IncomingFile {
  path: string;
  mode: "100644" | "100755" | "120000";
  content: Buffer;
}

export interface FolderToRead {
  folder: string;
  /** The folder as it was named, for messages. */
  source: string;
  limits: ModuleLimits;
  /** A folder inside that is not the module's: our own data. */
  without: string | undefined;
}

/**
 * Paths of the module; refuses what cannot be stored, by name. Where nothing may be ignored they are all that lies
 * there; else they are git's own reading of every .gitignore.
 */
export async function listModule(from: FolderToRead, gitDir: string): Promise<string[]> {
  const { folder, source, without } = from;
  const walked = await walkFolder(folder, without);
  const asked = walked.gitDecides || existsSync(join(gitDir, "info", "exclude"));
  // git reads no index here and writes none.
  const options = { gitDir, workTree: folder, indexFile: join(gitDir, "no-index") };
  const paths = asked ? await listByGit(from, options) : walked.paths;
  const odd = asked ? await notIgnored(walked.odd, options) : walked.odd;
  const [first] = odd;
  if (first !== undefined)
    throw moduleInvalid(
      `${first.path} in ${source} ${first.why}.`,
      "Remove it, give access to it, or leave it out with .gitignore.",
    );
  if (paths.length === 0) throw refuseEmpty(source);
  checkNames(paths, source);
  return paths;
}

async function listByGit({ source, without }: FolderToRead, options: GitOptions): Promise<string[]> {
  const never = leftOut.map((name) => `--exclude=${name}`);
  const own = without === undefined ? [] : [`:(exclude,literal)${without}`];
  const args = ["ls-files", "--others", "-z", "--exclude-standard", ...never, "--", ".", ...own];
  const { stdout } = await runGit(args, options);
  const paths = readNames(stdout, source);
  const inner = paths.find((path) => path.endsWith("/"));
  if (inner !== undefined) throw refuseInnerRepository(inner.slice(0, -1), source);
  return paths;
}

async function notIgnored<T extends { path: string }>(found: T[], options: GitOptions): Promise<T[]> {
  if (found.length === 0) return [];
  const input = found.map(({ path }) => `${path}\0`).join("");
  const args = ["check-ignore", "--no-index", "-z", "--stdin"];
  const { stdout } = await runGit(args, { ...options, input, accept: [1] });
  const ignored = new Set(stdout.toString("utf8").split("\0"));
  return found.filter(({ path }) => !ignored.has(path));
}

/** Reads in short turns, so that a large folder does not keep everybody else waiting. */
export async function* readModule(from: FolderToRead, paths: string[]): AsyncIterable<IncomingFile> {
  const { source, limits } = from;
  const targets = new Map<string, string>();
  const turnEnds = shortTurns();
  let bytes = 0;
  for (const [index, path] of paths.entries()) {
    const file = readFile(from, path);
    bytes += file.content.length;
    checkTotal({ files: index + 1, bytes }, source, limits);
    if (file.mode === "120000") targets.set(path, file.content.toString("utf8"));
    else if (isLfsPointer(file.content)) throw refuseLfsPointer(path, source);
    yield file;
    await turnEnds();
  }
  checkLinks(targets, source);
}

const mostReadings = 3;
const refused: Record<string, string> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  ELOOP: "permission denied",
  ENOENT: "it went away meanwhile",
  ENOTDIR: "it went away meanwhile",
};

function readFile(from: FolderToRead, path: string): IncomingFile {
  const place = join(from.folder, path);
  const check = (bytes: number) => checkSize({ path, bytes }, from.source, from.limits);
  try {
    for (let reading = 0; reading < mostReadings; reading += 1) {
      const found = readOnce(place, check);
      if (found !== undefined) return { path, ...found };
    }
  } catch (error) {
    const why = refused[String(error instanceof Error && "code" in error && error.code)];
    if (why === undefined) throw error;
    throw moduleInvalid(
      `${path} in ${from.source} could not be read: ${why}.`,
      "Hand the folder over when nothing writes to it, from an account that may read all of it.",
    );
  }
  throw moduleInvalid(
    `${path} in ${from.source} changes while it is read.`,
    "Hand the folder over when nothing writes to it.",
  );
}

const asItIs = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Undefined where it changed in between; a link that took the place of a file is not followed. */
function readOnce(place: string, check: (bytes: number) => void): Omit<IncomingFile, "path"> | undefined {
  const file = openUnlessLink(place);
  if (file === "link") return { mode: "120000", content: readlinkSync(place, { encoding: "buffer" }) };
  try {
    const before = fstatSync(file);
    if (!before.isFile()) return undefined;
    check(before.size);
    const content = readBytes(file, before.size);
    const after = fstatSync(file);
    const same = before.mtimeMs === after.mtimeMs && before.size === after.size;
    if (!same || content === undefined) return undefined;
    return { mode: (before.mode & 0o100) === 0 ? "100644" : "100755", content };
  } finally {
    closeSync(file);
  }
}

function openUnlessLink(place: string): number | "link" {
  try {
    return openSync(place, asItIs);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ELOOP") return "link";
    throw error;
  }
}

/** Undefined where there are fewer or more by now. */
function readBytes(file: number, size: number): Buffer | undefined {
  const room = Buffer.allocUnsafe(size + 1);
  let length = 0;
  let more: number;
  do {
    more = readSync(file, room, length, room.length - length, null);
    length += more;
  } while (more > 0 && length < size);
  return length === size ? room.subarray(0, size) : undefined;
}
