/** Commits on a branch: look for the invocation's commit, make it on the tip, move the branch if the tip is still the tip. */
import { refuse } from "../../../domain/refusal.ts";
import type { Commit, CommitRequest } from "../../../ports/source-control.ts";
import { commitMessage } from "./commit-message.ts";
import { editTree } from "./edit-tree.ts";
import { type CommitInfo, findByInvocation, readCommit } from "./history.ts";
import { branchRef, isObjectId } from "./names.ts";
import { moveRef, untilLanded } from "./refs.ts";
import { ensureRepository, type Repository } from "./repository.ts";
import { askGit, runGit } from "./run-git.ts";
import { writeCommit } from "./write-commit.ts";

const foundingAuthor = { name: "ConnectSoft Delivery", email: "delivery@connectsoft.invalid" };

export async function commit(root: string, request: CommitRequest): Promise<Commit> {
  const ref = branchRef(request.branch);
  const message = commitMessage(request);
  const repository = await ensureRepository(root, request.repository);
  return await untilLanded(ref, async () => {
    const tip = await readCommit(repository, request.branch);
    const earlier = tip && (await findByInvocation(repository, tip.commit, request.invocationId));
    if (earlier !== undefined) return { ...earlier, branch: request.branch, changed: true };
    const start = tip ?? (await startOfBranch(repository, request));
    const tree = await contentTree(root, repository, { start, content: request.content });
    const unchanged = start !== undefined && start.tree === tree;
    const draft = { tree, parents: start === undefined ? [] : [start.commit], message };
    const next = unchanged ? start.commit : await writeCommit(repository, { ...draft, ...signers(request) });
    const move = { ref, from: tip?.commit, to: next };
    const landed = move.from === move.to || (await moveRef(repository, move));
    if (!landed) return undefined;
    if (unchanged) return { ...start, branch: request.branch, changed: false };
    return {
      commit: next,
      tree,
      parents: draft.parents,
      branch: request.branch,
      subject: request.subject,
      changed: true,
    };
  });
}

function signers({ author, committer, at, signWith }: CommitRequest) {
  return { author, committer, at, signWith };
}

/**
 * Tip of the base. An empty repository gets an empty root commit on its base first, so that a branch, its
 * pull request and its merge have something to compare with from the first delivery on.
 */
async function startOfBranch(
  repository: Repository,
  request: CommitRequest,
): Promise<CommitInfo | undefined> {
  if (request.branch === request.base) return undefined;
  const base = await readCommit(repository, request.base);
  if (base !== undefined) return base;
  const { gitDir } = repository;
  const heads = await askGit(["for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads"], { gitDir });
  if (heads !== "")
    throw refuse(
      "NotFound",
      `${repository.name} has no branch ${request.base} to start ${request.branch} from; it has ${heads.split("\n").join(", ")}.`,
      "Name one of these as the target branch.",
    );
  const root = await writeCommit(repository, {
    tree: await askGit(["mktree"], { gitDir }),
    parents: [],
    message: "Start the repository\n",
    author: foundingAuthor,
    at: request.at,
  });
  await moveRef(repository, { ref: branchRef(request.base), from: undefined, to: root });
  return await readCommit(repository, request.base);
}

async function contentTree(
  root: string,
  repository: Repository,
  wanted: { start: CommitInfo | undefined; content: CommitRequest["content"] },
): Promise<string> {
  const { start, content } = wanted;
  if (!("tree" in content)) return await editTree(root, repository, { base: start?.tree, ...content });
  const tree = await existingTree(repository, content.tree);
  if (content.folder === undefined || content.folder === "") return tree;
  return await editTree(root, repository, { base: start?.tree, folder: { path: content.folder, tree } });
}

async function existingTree(repository: Repository, tree: string): Promise<string> {
  const { gitDir } = repository;
  const found = isObjectId(tree)
    ? await runGit(["cat-file", "-t", tree], { gitDir, accept: [1, 128] })
    : { stdout: Buffer.of() };
  if (found.stdout.toString("utf8").trim() === "tree") return tree;
  throw refuse(
    "NotFound",
    `${repository.name} holds no tree ${tree}; expected one that was imported into it.`,
    "Hand the module over again.",
  );
}
