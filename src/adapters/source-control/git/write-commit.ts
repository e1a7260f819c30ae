/** Makes a commit object; it belongs to no branch until a ref moves to it. */
import type { Author } from "../../../ports/source-control.ts";
import { identity } from "./commit-message.ts";
import type { Repository } from "./repository.ts";
import { askGit } from "./run-git.ts";

export interface CommitDraft {
  tree: string;
  parents: string[];
  message: string;
  author: Author;
  at: string;
}

export async function writeCommit(repository: Repository, draft: CommitDraft): Promise<string> {
  const parents = draft.parents.flatMap((parent) => ["-p", parent]);
  return await askGit(["commit-tree", ...parents, "-F", "-", draft.tree], {
    gitDir: repository.gitDir,
    input: draft.message,
    env: identity(draft.author, draft.at),
  });
}
