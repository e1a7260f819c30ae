/**
 * Runs the `git` program: argument arrays only, no shell, and nothing of the user's configuration, so that the
 * same call makes the same objects on every machine. Objects and refs are flushed to disk before git ends.
 */
import { spawn } from "node:child_process";
import { refuse } from "../../../domain/refusal.ts";

export interface GitOptions {
  gitDir?: string;
  workTree?: string;
  indexFile?: string;
  input?: string | Uint8Array;
  env?: Record<string, string>;
  /** Exit codes that the caller deals with, beside 0. */
  accept?: number[];
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
  /** git is ended, and counts as done, where it printed this much. */
  mostOutputBytes?: number;
  /** The same, asked of each piece that it prints. */
  enough?: (piece: Buffer) => boolean;
}

export interface GitResult {
  exitCode: number;
  stdout: Buffer;
  stderr: string;
}

const config: Record<string, string> = {
  "advice.detachedHead": "false",
  "core.attributesFile": "/dev/null",
  "core.autocrlf": "false",
  "core.excludesFile": "/dev/null",
  "core.filesRefLockTimeout": "1000",
  "core.fsync": "loose-object,pack,pack-metadata,reference",
  "core.hooksPath": "/dev/null",
  "gc.auto": "0",
  "http.lowSpeedLimit": "1000",
  "http.lowSpeedTime": "30",
  "maintenance.auto": "false",
  "protocol.file.allow": "always",
  "safe.directory": "*",
};

/** Refuses with Unavailable where git is missing, too old or cannot write; any other failure is an error with git's own words. */
export async function runGit(args: string[], options: GitOptions = {}): Promise<GitResult> {
  const where = options.gitDir === undefined ? [] : [`--git-dir=${options.gitDir}`];
  const tree = options.workTree === undefined ? [] : [`--work-tree=${options.workTree}`];
  const result = await spawnGit([...where, ...tree, ...args], options);
  if (result.exitCode === 0 || options.accept?.includes(result.exitCode) === true) return result;
  throw gitFailure(args, result);
}

/** What git printed, without the line end. */
export async function askGit(args: string[], options: GitOptions = {}): Promise<string> {
  const { stdout } = await runGit(args, options);
  return stdout.toString("utf8").trimEnd();
}

/** git's own words in one line, for a message to a person. */
export function lastWords(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return (lines.findLast((line) => /^(fatal|error):/.test(line)) ?? lines.at(-1) ?? "no reason given").trim();
}

function spawnGit(args: string[], options: GitOptions): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", args, {
      cwd: options.workTree ?? options.gitDir ?? "/",
      env: gitEnvironment(options),
      stdio: ["pipe", "pipe", "pipe"],
      timeout: options.timeoutMs,
      signal: options.signal,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let printed = 0;
    let enough = false;
    child.stdout.on("data", (chunk: Buffer) => {
      stdout.push(chunk);
      printed += chunk.length;
      const most = options.mostOutputBytes ?? Number.POSITIVE_INFINITY;
      enough ||= printed >= most || options.enough?.(chunk) === true;
      if (enough) child.kill("SIGKILL");
    });
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    // git may end before it has read everything; its exit code says why.
    child.stdin.on("error", () => undefined);
    child.on("error", (error: NodeJS.ErrnoException) => reject(unstartable(error, options)));
    child.on("close", (code, signal) => {
      if (enough) return resolve({ exitCode: 0, stdout: Buffer.concat(stdout), stderr: "" });
      const words = Buffer.concat(stderr).toString("utf8");
      const ended = signal === null ? words : `${words}\nfatal: ended by ${signal}`;
      resolve({ exitCode: code ?? 128, stdout: Buffer.concat(stdout), stderr: ended });
    });
    child.stdin.end(options.input ?? "");
  });
}

/** The environment of every git that is started. */
export function gitEnvironment(options: GitOptions): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith("GIT_"),
  );
  const settings = Object.entries(config).flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    ...Object.fromEntries(inherited),
    LC_ALL: "C",
    GIT_ALLOW_PROTOCOL: "file:git:http:https:ssh",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_SSH_COMMAND: "ssh -o BatchMode=yes",
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_COUNT: String(Object.keys(config).length),
    ...Object.fromEntries(settings),
    ...(options.indexFile === undefined ? {} : { GIT_INDEX_FILE: options.indexFile }),
    ...options.env,
  };
}

function unstartable(error: NodeJS.ErrnoException, options: GitOptions): Error {
  if (error.code !== "ENOENT") return error;
  return refuse(
    "Unavailable",
    `The git program could not be started in ${options.workTree ?? options.gitDir ?? "/"}: it is not on the PATH, or the folder is gone.`,
    "Install git 2.38 or newer, then try again.",
  );
}

export function gitFailure(args: string[], result: GitResult): Error {
  const words = lastWords(result.stderr);
  if (isDiskFailure(result.stderr))
    return refuse(
      "Unavailable",
      `git could not write: ${words}.`,
      "Make room, or make the data folder writable, then retry; nothing was half written.",
    );
  return new Error(`git ${args[0]} ended with ${result.exitCode}: ${result.stderr.trim()}`);
}

export function isDiskFailure(words: string): boolean {
  const disk =
    /No space left on device|Out of diskspace|ENOSPC|EROFS|EDQUOT|Read-only file system|Disk quota exceeded|File too large|unable to (write|create)|insufficient permission/i;
  return disk.test(words);
}
