/** Reading commits: what a branch points to, and the commit that an earlier attempt of an invocation made. */
import { invocationTrailer, sourceTrailer } from "./commit-message.ts";
import { branchRef, isObjectId } from "./names.ts";
import type { Repository } from "./repository.ts";
import { runGit } from "./run-git.ts";

export interface CommitInfo {
  commit: string;
  tree: string;
  parents: string[];
  subject: string;
}

const form = "%H%x00%T%x00%P%x00%s";

/** The commit behind a branch or commit id, or undefined. */
export async function readCommit(repository: Repository, name: string): Promise<CommitInfo | undefined> {
  return isObjectId(name) ? await readById(repository, name) : await readTip(repository, branchRef(name));
}

async function readTip({ gitDir }: Repository, ref: string): Promise<CommitInfo | undefined> {
  const format = "%(refname)%00%(objectname)%00%(tree)%00%(parent)%00%(contents:subject)";
  const { stdout } = await runGit(["for-each-ref", `--format=${format}`, ref], { gitDir });
  // The pattern also finds what lies below a ref of this name.
  const row = lines(stdout).find((line) => line.startsWith(`${ref}\0`));
  return row === undefined ? undefined : parseRow(row.slice(ref.length + 1));
}

async function readById({ gitDir }: Repository, commit: string): Promise<CommitInfo | undefined> {
  const args = ["log", `--format=${form}`, "--max-count=1", commit, "--"];
  const { exitCode, stdout } = await runGit(args, { gitDir, accept: [128] });
  const [row] = lines(stdout);
  return exitCode !== 0 || row === undefined ? undefined : parseRow(row);
}

/**
 * The commit of an invocation on a branch's own line: what came in by merges was made for another branch,
 * perhaps by the same invocation.
 */
export async function findByInvocation(
  repository: Repository,
  tip: string,
  invocationId: string,
): Promise<CommitInfo | undefined> {
  const { gitDir } = repository;
  const trailer = `%(trailers:key=${invocationTrailer},valueonly,separator=%x2C)`;
  const needle = `${invocationTrailer}: ${invocationId}`;
  const { stdout } = await runGit(
    [
      "log",
      "--first-parent",
      "--fixed-strings",
      `--grep=${needle}`,
      `--format=${form}%x00${trailer}`,
      tip,
      "--",
    ],
    { gitDir },
  );
  const row = lines(stdout).find((line) => line.split("\0")[4]?.trim() === invocationId);
  return row === undefined ? undefined : parseRow(row);
}

/** The commit on `target`'s own line that brought `source` in; undefined where it is not in. */
export async function findMergeOf(
  repository: Repository,
  source: string,
  target: string,
): Promise<CommitInfo | undefined> {
  const { gitDir } = repository;
  const contained = await runGit(["merge-base", "--is-ancestor", source, target], { gitDir, accept: [1] });
  if (contained.exitCode !== 0) return undefined;
  const path = ["--first-parent", `--ancestry-path=${source}`, `${source}..${target}`, "--"];
  const oldest = (await log(repository, path)).at(-1);
  if (oldest === undefined || oldest.parents[0] === source) return await readCommit(repository, source);
  return oldest;
}

/** The newest commit on `target`'s own line that names `source` as what it squashed or made again. */
export async function findLandingOf(
  repository: Repository,
  source: string,
  target: string,
): Promise<CommitInfo | undefined> {
  const named = ["--first-parent", "--fixed-strings", `--grep=${sourceTrailer}: ${source}`, "--max-count=1"];
  return (await log(repository, [...named, `${source}..${target}`, "--"]))[0];
}

async function log(repository: Repository, args: string[]): Promise<CommitInfo[]> {
  const { stdout } = await runGit(["log", `--format=${form}`, ...args], { gitDir: repository.gitDir });
  return lines(stdout).map(parseRow);
}

function lines(output: Buffer): string[] {
  return output
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
}

function parseRow(row: string): CommitInfo {
  const [commit = "", tree = "", parents = "", subject = ""] = row.split("\0");
  return { commit, tree, parents: parents.split(" ").filter((parent) => parent !== ""), subject };
}
