/** Reading commits: what a branch points to, and the commit that an earlier attempt of an invocation made. */
import { sourceTrailer } from "./commit-message.ts";
import { commitOf } from "./invocations.ts";
import { revision } from "./names.ts";
import { readObject } from "./object-reader.ts";
import { parseCommit } from "./objects.ts";
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
  const found = await readObject(repository, revision(name));
  if (found?.type !== "commit") return undefined;
  const { tree, parents, message } = parseCommit(found.body);
  const [paragraph = ""] = message.trimStart().split(/\n{2,}/);
  return { commit: found.id, tree, parents, subject: paragraph.trim().replaceAll("\n", " ") };
}

/** The commit of an invocation on a branch's own line. */
export async function findByInvocation(
  repository: Repository,
  tip: string,
  invocationId: string,
): Promise<CommitInfo | undefined> {
  const commit = await commitOf(repository, tip, invocationId);
  return commit === undefined ? undefined : await readCommit(repository, commit);
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
