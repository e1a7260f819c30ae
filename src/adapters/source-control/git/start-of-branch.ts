/** Where a branch starts that is not there yet. */
import { refuse } from "../../../domain/refusal.ts";
import type { CommitRequest } from "../../../ports/source-control.ts";
import { emptyTreeIn } from "./combine.ts";
import { type CommitInfo, readCommit } from "./history.ts";
import { branchRef } from "./names.ts";
import { moveRef } from "./refs.ts";
import type { Repository } from "./repository.ts";
import { askGit } from "./run-git.ts";
import { writeCommit } from "./write-commit.ts";

const foundingAuthor = { name: "ConnectSoft Delivery", email: "delivery@connectsoft.invalid" };

/**
 * Tip of the base. An empty repository gets an empty root commit on its base first, so that a branch, its
 * pull request and its merge have something to compare with from the first delivery on.
 */
export async function startOfBranch(
  repository: Repository,
  request: Pick<CommitRequest, "branch" | "base" | "at" | "signWith">,
): Promise<CommitInfo | undefined> {
  if (request.branch === request.base) return undefined;
  const base = await readCommit(repository, request.base);
  if (base !== undefined) return base;
  const { gitDir } = repository;
  const heads = await askGit(["for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads"], { gitDir });
  if (heads !== "") {
    // Another one that begins here as well may have made it a moment ago.
    const made = await readCommit(repository, request.base);
    if (made !== undefined) return made;
    throw refuse(
      "NotFound",
      `${repository.name} has no branch ${request.base} to start ${request.branch} from; it has ${heads.split("\n").join(", ")}.`,
      "Name one of these as the target branch.",
    );
  }
  const root = await writeCommit(repository, {
    tree: await emptyTreeIn(repository),
    parents: [],
    message: "Start the repository\n",
    author: foundingAuthor,
    at: request.at,
    signWith: request.signWith,
  });
  await moveRef(repository, { ref: branchRef(request.base), from: undefined, to: root });
  return await readCommit(repository, request.base);
}
