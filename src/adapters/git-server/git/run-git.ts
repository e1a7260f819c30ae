/**
 * The `git` program as a server of other people's requests: nothing of the account's own configuration, no hook
 * but ours, and only branches and tags are to be seen.
 */
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";

const config: [string, string][] = [
  ["advice.pushUpdateRejected", "false"],
  ["core.fsync", "loose-object,pack,pack-metadata,reference"],
  ["core.filesRefLockTimeout", "2000"],
  ["core.quotePath", "false"],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["receive.autogc", "false"],
  ["receive.fsckObjects", "true"],
  // Histories that exist have these, and they harm nobody.
  ["receive.fsck.badTimezone", "ignore"],
  ["receive.fsck.missingSpaceBeforeDate", "ignore"],
  ["receive.fsck.zeroPaddedFilemode", "ignore"],
  ["safe.directory", "*"],
  ["transfer.hideRefs", "refs"],
  ["transfer.hideRefs", "!refs/heads"],
  ["transfer.hideRefs", "!refs/tags"],
  ["uploadpack.allowFilter", "true"],
];

export interface Start {
  gitDir: string;
  args: string[];
  env?: Record<string, string>;
  config?: [string, string][];
  stdio?: StdioOptions;
}

export function startGit({ gitDir, args, env = {}, config: more = [], stdio = "pipe" }: Start): ChildProcess {
  return spawn("git", args, { cwd: gitDir, env: { ...environment([...config, ...more]), ...env }, stdio });
}

export interface GitResult {
  exitCode: number;
  stdout: Buffer;
  stderr: string;
}

/** Runs git to its end with little output; `input` goes to its standard input. */
export function runGit(start: Start & { input?: string }): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    const child = startGit({
      ...start,
      args: [`--git-dir=${start.gitDir}`, ...start.args],
      config: [["core.hooksPath", "/dev/null"], ...(start.config ?? [])],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.stdin?.on("error", () => undefined);
    child.on("error", reject);
    child.on("close", (code) =>
      resolve({
        exitCode: code ?? 128,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString("utf8").trim(),
      }),
    );
    child.stdin?.end(start.input ?? "");
  });
}

/** What git printed, in lines; any failure is an error with git's own words. */
export async function linesOf(start: Start & { input?: string }): Promise<string[]> {
  const { exitCode, stdout, stderr } = await runGit(start);
  if (exitCode !== 0) throw new Error(`git ${start.args[0]} ended with ${exitCode}: ${stderr}`);
  return stdout
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
}

function environment(settings: [string, string][]): Record<string, string> {
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith("GIT_"),
  );
  const pairs = settings.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    ...Object.fromEntries(inherited),
    LC_ALL: "C",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(pairs),
  };
}
