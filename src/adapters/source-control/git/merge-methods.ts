/** What a merge leaves on the target: a merge commit, one commit, or each commit again. */
import type { MergeRequest } from "../../../ports/source-control.ts";
import { combineTrees, emptyTreeIn } from "./combine.ts";
import { commitMessage, invocationTrailer, sourceTrailer, withTrailers } from "./commit-message.ts";
import { type CommitInfo, readCommit } from "./history.ts";
import { log } from "./log.ts";
import type { Repository } from "./repository.ts";
import { writeCommit } from "./write-commit.ts";

export interface Joining {
  source: CommitInfo;
  target: CommitInfo;
  /** The tree of both. */
  tree: string;
}

export type Landing = { commit: string; tree: string; parents: string[] } | { conflicts: string[] };

/** Makes the commits; the target has not moved yet. */
export async function makeLanding(
  repository: Repository,
  request: MergeRequest,
  joining: Joining,
): Promise<Landing> {
  const { source, target, tree } = joining;
  const { author, at, signWith } = request;
  const draft = { tree, author, at, signWith };
  switch (request.method ?? "merge") {
    case "merge": {
      const parents = [target.commit, source.commit];
      const message = commitMessage(request);
      return { commit: await writeCommit(repository, { ...draft, parents, message }), tree, parents };
    }
    case "squash": {
      const parents = [target.commit];
      const trailers = { ...request.trailers, [sourceTrailer]: source.commit };
      const message = commitMessage({ ...request, trailers });
      return { commit: await writeCommit(repository, { ...draft, parents, message }), tree, parents };
    }
    case "rebase":
      return await rebase(repository, request, joining);
  }
}

/** Merges on the source's line are passed over, as git does: what they joined is on the target already. */
async function rebase(repository: Repository, request: MergeRequest, joining: Joining): Promise<Landing> {
  const { source, target } = joining;
  const range = { repository: repository.name, from: target.commit, to: source.commit };
  const commits = (await log(repository, range)).filter(({ parents }) => parents.length < 2).toReversed();
  let onto = { commit: target.commit, tree: target.tree, parents: target.parents };
  for (const [index, original] of commits.entries()) {
    const applied = await apply(repository, original, onto.tree);
    if ("conflicts" in applied) return applied;
    const isLast = index === commits.length - 1;
    if (applied.tree === onto.tree && !isLast) continue;
    const made = await writeCommit(repository, {
      tree: applied.tree,
      parents: [onto.commit],
      message: withTrailers(original, {
        ...request.trailers,
        [sourceTrailer]: isLast ? source.commit : original.commit,
        // The newest of them is the merge's commit, by which a repeated merge finds it.
        ...(isLast ? { [invocationTrailer]: request.invocationId } : {}),
      }),
      author: original.author,
      authoredAt: original.at,
      committer: request.author,
      at: request.at,
      signWith: request.signWith,
    });
    onto = { commit: made, tree: applied.tree, parents: [onto.commit] };
  }
  return onto;
}

async function apply(
  repository: Repository,
  original: { tree: string; parents: string[] },
  ours: string,
): Promise<{ tree: string } | { conflicts: string[] }> {
  const [parent] = original.parents;
  const before = parent === undefined ? undefined : await readCommit(repository, parent);
  const base = before?.tree ?? (await emptyTreeIn(repository));
  const combined = await combineTrees(repository, { base, ours, theirs: original.tree });
  if (combined.status === "combined") return { tree: combined.tree };
  return { conflicts: combined.files.map(({ path }) => path) };
}
