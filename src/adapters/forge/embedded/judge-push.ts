/** Holds a push to the protections of its repository, and remembers who brought which commit. */
import type pg from "pg";
import { traceOfBranch } from "../../../domain/pull-request/trace-branch.ts";
import type { BranchProtection } from "../../../ports/forge.ts";
import type { JudgePush, Push, RefUpdate } from "../../../ports/git-server.ts";
import { protectionOf, type RepositoryPolicy } from "./repository-policy.ts";
import { readProtections } from "./rows.ts";

export interface PushJudgeOptions {
  pool: pg.Pool;
  policyOf(repository: string): Promise<RepositoryPolicy>;
}

export function createPushJudge({ pool, policyOf }: PushJudgeOptions): JudgePush {
  return async (push) => {
    const policy = await policyOf(push.repository);
    const protections = (await readProtections(pool, push.repository)) ?? policy.protections;
    const refusals: string[] = [];
    for (const update of push.updates)
      refusals.push(...(await judgeUpdate(push, update, { protections, policy })));
    if (refusals.length === 0) await remember(pool, push);
    return refusals;
  };
}

async function judgeUpdate(
  push: Push,
  update: RefUpdate,
  { protections, policy }: { protections: BranchProtection[]; policy: RepositoryPolicy },
): Promise<string[]> {
  const branch = /^refs\/heads\/(.+)$/.exec(update.ref)?.[1];
  if (branch === undefined) return judgeTag(update);
  const protection = protectionOf(protections, branch);
  const judgeSignatures = async (): Promise<string[]> => {
    const isSigned = (other: string) => protectionOf(protections, other)?.requireSignedCommits === true;
    const unsigned = await push.unsigned(update, { trusted: policy.trusted, isSigned });
    return unsigned.length === 0 ? [] : [unsignedText(branch, unsigned)];
  };
  // What a delivery's branch holds is bound for a branch that would not take it: said here, before it is built.
  const isBound =
    traceOfBranch(branch) !== undefined && protections.some((each) => each.requireSignedCommits);
  if (protection === undefined) return isBound ? await judgeSignatures() : [];
  if (update.to === undefined)
    return [
      said(
        `${branch} is protected and cannot be deleted.`,
        "Leave it, or ask who sets the rules of this repository.",
      ),
    ];
  if (protection.pullRequestOnly)
    return [
      said(
        `${branch} is protected: it changes by pull request only.`,
        `Push to the branch of an open pull request (connectsoft pr ls), or hand the change over: connectsoft deliver <folder>`,
      ),
    ];
  if (update.forced)
    return [
      said(
        `${branch} is protected: a push must not lose commits that it has.`,
        `Fetch, put your commits on top (git rebase origin/${branch}), and push again without --force.`,
      ),
    ];
  return protection.requireSignedCommits ? await judgeSignatures() : [];
}

/** A release is named by its tag, so a tag stays where it is. */
function judgeTag({ ref, from }: RefUpdate): string[] {
  if (from === undefined) return [];
  const tag = ref.replace(/^refs\/tags\//, "");
  return [
    said(`the tag ${tag} is there already; tags are neither moved nor removed.`, "Choose a new name for it."),
  ];
}

const shown = 5;

function unsignedText(branch: string, commits: string[]): string {
  const list = commits.slice(0, shown).map((commit) => commit.slice(0, 12));
  const more = commits.length > shown ? ` and ${commits.length - shown} more` : "";
  return [
    `UnsignedCommit: ${branch} takes signed commits only; without a good signature of a trusted signer: ${list.join(", ")}${more}.`,
    "next: Sign them (git rebase --exec 'git commit --amend --no-edit -S' <base>), and have your key in commits.trustedSshSigners of tenant.yaml.",
  ].join("\n");
}

function said(what: string, next: string): string {
  return `BranchPolicy: ${what}\nnext: ${next}`;
}

const batch = 10_000;

/** Before the refs move: a kill after it leaves names of commits that nobody has, which harms nothing. */
async function remember(pool: pg.Pool, push: Push): Promise<void> {
  const commits = await push.commits();
  for (let at = 0; at < commits.length; at += batch)
    await pool.query(
      `insert into connectsoft.forge_pushed_commits (repository, commit, pushed_by)
       select $1, pushed.commit, $3 from unnest($2::text[]) as pushed (commit)
       on conflict do nothing`,
      [push.repository, commits.slice(at, at + batch), push.by],
    );
}
