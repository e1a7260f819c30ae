/** Makes a commit object; it belongs to no branch until a ref moves to it. */
import type { Author, SigningKey } from "../../../ports/source-control.ts";
import { commitBody, identity } from "./commit-message.ts";
import { draftObjects } from "./object-store.ts";
import { gitObject } from "./objects.ts";
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
  const { author, committer = author, signWith } = draft;
  if (signWith !== undefined) return await signedByGit(repository, { ...draft, signWith });
  identity(author, draft.at);
  identity(committer, draft.at);
  const objects = draftObjects(repository);
  const commit = objects.add(gitObject("commit", commitBody({ ...draft, committer })));
  await objects.store();
  return commit;
}

async function signedByGit(
  repository: Repository,
  draft: CommitDraft & { signWith: SigningKey },
): Promise<string> {
  const { signWith, author, at } = draft;
  const parents = draft.parents.flatMap((parent) => ["-p", parent]);
  const args = ["commit-tree", `-S${signWith.key}`, ...parents, "-F", "-", draft.tree];
  const made = await runGit([...signingConfig(signWith), ...args], {
    gitDir: repository.gitDir,
    input: draft.message,
    env: { ...identity(author, at), ...dates(draft) },
    accept: [1, 128],
  });
  if (made.exitCode !== 0) throw unsignable(signWith, made.stderr);
  return made.stdout.toString("utf8").trim();
}

/** What differs from an author who is the committer too. */
function dates({ author, committer = author, at, authoredAt = at }: CommitDraft): Record<string, string> {
  const { GIT_AUTHOR_DATE = "" } = identity(author, authoredAt);
  const { GIT_COMMITTER_NAME = "", GIT_COMMITTER_EMAIL = "" } = identity(committer, at);
  return { GIT_AUTHOR_DATE, GIT_COMMITTER_NAME, GIT_COMMITTER_EMAIL };
}
