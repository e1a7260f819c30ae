/** Makes a commit object; it belongs to no branch until a ref moves to it. */
import type { Author, SigningKey } from "../../../ports/source-control.ts";
import { identity } from "./commit-message.ts";
import type { Repository } from "./repository.ts";
import { runGit } from "./run-git.ts";
import { signingConfig, unsignable } from "./sign.ts";

export interface CommitDraft {
  tree: string;
  parents: string[];
  message: string;
  author: Author;
  committer?: Author | undefined;
  at: string;
  /** The author's date where it is another one: a commit that is made again on another parent. */
  authoredAt?: string | undefined;
  signWith?: SigningKey | undefined;
}

export async function writeCommit(repository: Repository, draft: CommitDraft): Promise<string> {
  const parents = draft.parents.flatMap((parent) => ["-p", parent]);
  const { signWith } = draft;
  const signature = signWith === undefined ? [] : [`-S${signWith.key}`];
  const made = await runGit(
    [...signingConfig(signWith), "commit-tree", ...signature, ...parents, "-F", "-", draft.tree],
    {
      gitDir: repository.gitDir,
      input: draft.message,
      env: { ...identity(draft.author, draft.at), ...dates(draft) },
      accept: signWith === undefined ? [] : [1, 128],
    },
  );
  if (made.exitCode !== 0 && signWith !== undefined) throw unsignable(signWith, made.stderr);
  return made.stdout.toString("utf8").trim();
}

/** What differs from an author who is the committer too. */
function dates({ author, committer = author, at, authoredAt = at }: CommitDraft): Record<string, string> {
  const { GIT_AUTHOR_DATE = "" } = identity(author, authoredAt);
  const { GIT_COMMITTER_NAME = "", GIT_COMMITTER_EMAIL = "" } = identity(committer, at);
  return { GIT_AUTHOR_DATE, GIT_COMMITTER_NAME, GIT_COMMITTER_EMAIL };
}
