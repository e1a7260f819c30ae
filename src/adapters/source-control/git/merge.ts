/** Merges without a work tree: git computes the tree, and the target moves only if it is still where it was. */
import { refuse } from "../../../domain/refusal.ts";
import type { MergeRequest, MergeResult } from "../../../ports/source-control.ts";
import { commitMessage } from "./commit-message.ts";
import { type CommitInfo, findByInvocation, findLandingOf, findMergeOf, readCommit } from "./history.ts";
import { makeLanding } from "./merge-methods.ts";
import { branchRef } from "./names.ts";
import { diff } from "./read.ts";
import { moveRef, untilLanded } from "./refs.ts";
import { locate, type Repository } from "./repository.ts";
import { lastWords, runGit } from "./run-git.ts";
import { subtree } from "./subtree.ts";

export async function merge(root: string, request: MergeRequest): Promise<MergeResult> {
  const ref = branchRef(request.target);
  commitMessage(request);
  const repository = locate(root, request.repository);
  return await untilLanded(ref, async () => {
    const source = await requireCommit(repository, request.source);
    const target = await requireCommit(repository, request.target);
    const earlier =
      (await findByInvocation(repository, target.commit, request.invocationId)) ??
      (await findMergeOf(repository, source.commit, target.commit)) ??
      (await findLandingOf(repository, source.commit, target.commit));
    if (earlier !== undefined) return merged(earlier);
    const joined = await joinTrees(repository, target, source);
    if (joined.conflicts.length > 0) return { status: "conflict", paths: joined.conflicts };
    const { tree } = joined;
    if (!(await isExpected(repository, tree, request))) return { status: "diverged", tree };
    if (tree === target.tree && request.method === "squash") return merged(target);
    const landing = await makeLanding(repository, request, { source, target, tree });
    if ("conflicts" in landing) return { status: "conflict", paths: landing.conflicts };
    const differing = landing.tree === tree ? [] : await diff(repository, tree, landing.tree);
    if (differing.length > 0) return { status: "conflict", paths: differing.map(({ path }) => path) };
    if (await moveRef(repository, { ref, from: target.commit, to: landing.commit })) return merged(landing);
    return undefined;
  });
}

async function isExpected(repository: Repository, tree: string, request: MergeRequest): Promise<boolean> {
  if (request.expectTree === undefined) return true;
  return request.expectTree === (await subtree(repository, tree, request.expectFolder ?? ""));
}

function merged(found: Pick<CommitInfo, "commit" | "tree" | "parents">): MergeResult {
  return { status: "merged", commit: found.commit, tree: found.tree, parents: found.parents };
}

async function requireCommit(repository: Repository, name: string): Promise<CommitInfo> {
  const found = await readCommit(repository, name);
  if (found !== undefined) return found;
  throw refuse("NotFound", `${repository.name} has no branch or commit ${name} to merge.`);
}

async function joinTrees(
  repository: Repository,
  target: CommitInfo,
  source: CommitInfo,
): Promise<{ tree: string; conflicts: string[] }> {
  const flags = ["--write-tree", "--name-only", "--no-messages", "-z"];
  const { exitCode, stdout, stderr } = await runGit(["merge-tree", ...flags, target.commit, source.commit], {
    gitDir: repository.gitDir,
    accept: [1, 128],
  });
  if (exitCode === 128)
    throw refuse(
      "BranchPolicy",
      `${source.commit} cannot be merged into ${target.commit} of ${repository.name}: ${lastWords(stderr)}.`,
      "Start the branch from the target branch.",
    );
  const [tree = "", ...paths] = stdout.toString("utf8").split("\0");
  const conflicts = exitCode === 1 ? paths.filter((path) => path !== "") : [];
  return { tree, conflicts };
}
