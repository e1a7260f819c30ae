/** The forge that comes with the product: pull requests in PostgreSQL, branches in source control. */

import type pg from "pg";
import { refuse } from "../../../domain/refusal.ts";
import type { Forge, MergeMethod, PullRequest } from "../../../ports/forge.ts";
import type { GitServer } from "../../../ports/git-server.ts";
import type { SourceControl } from "../../../ports/source-control.ts";
import { inTransaction } from "../../../ports/transaction.ts";
import { blockersOf, type Standing } from "./blockers.ts";
import { protectionOf, type RepositoryPolicy } from "./repository-policy.ts";
import {
  claimNumber,
  lockOne,
  type PullRequestRow,
  readProtections,
  selectAll,
  selectOne,
  selectOpen,
  selectPushers,
} from "./rows.ts";

export interface EmbeddedForgeOptions {
  pool: pg.Pool;
  sourceControl: SourceControl;
  compare: GitServer["compare"];
  /** What holds for a repository beside what was set for it alone. */
  policyOf(repository: string): Promise<RepositoryPolicy>;
  /** Where a person sees a pull request. */
  url(repository: string, number: number): string;
}

const mergeAuthor = { name: "ConnectSoft Forge", email: "forge@connectsoft.invalid" };
const longestPatchBytes = 1024 * 1024;

/**
 * Every change of a pull request holds its row, so that two merges, or a merge and a check, come one after the
 * other. What needs a connection of its own is asked before: waiting for one while holding another could wait
 * for ever. A kill between the merge in git and its record leaves an open pull request whose next merge finds it.
 */
export function createEmbeddedForge(options: EmbeddedForgeOptions): Forge {
  const { pool, sourceControl, policyOf } = options;
  const view = (row: PullRequestRow) => viewOf(row, options.url(row.repository, row.number));

  /** Works on one locked pull request and gives back what it is then. */
  function change(
    repository: string,
    number: number,
    work: (client: pg.PoolClient, row: PullRequestRow) => Promise<unknown>,
  ): Promise<PullRequest> {
    return inTransaction(pool, async (client) => {
      await work(client, await lockOne(client, repository, number));
      return view(await lockOne(client, repository, number));
    });
  }

  async function requireBranch(repository: string, branch: string): Promise<void> {
    if ((await sourceControl.tip(repository, branch)) !== undefined) return;
    throw refuse(
      "NotFound",
      `${repository} has no branch ${branch} to make a pull request of.`,
      "Commit to it first.",
    );
  }

  /** Whoever pushed a commit of the change is an author of it, whenever that was. */
  async function learnAuthors(client: pg.PoolClient, row: PullRequestRow): Promise<PullRequestRow> {
    const { repository, number, source_branch: to, target_branch: from } = row;
    if (row.state !== "open" || (await sourceControl.tip(repository, to)) === undefined) return row;
    const commits = await sourceControl.log({ repository, from, to });
    const pushers = await selectPushers(
      client,
      repository,
      commits.map(({ commit }) => commit),
    );
    const authors = [...new Set([...row.authors, ...pushers])];
    if (authors.length === row.authors.length) return row;
    await client.query(
      "update connectsoft.forge_pull_requests p set authors = $3 where p.repository = $1 and p.number = $2",
      [repository, number, authors],
    );
    return { ...row, authors };
  }

  async function standingOf(
    client: pg.PoolClient,
    row: PullRequestRow,
    { policy, method }: { policy: RepositoryPolicy; method?: MergeMethod | undefined },
  ): Promise<Standing> {
    const { repository, source_branch: source, target_branch: target } = row;
    const protections = (await readProtections(client, repository)) ?? policy.protections;
    const protection = protectionOf(protections, target);
    const head = (await sourceControl.tip(repository, source))?.commit;
    const wanted = row.state === "open" && head !== undefined && protection?.requireSignedCommits === true;
    const signatures = wanted
      ? await sourceControl.verify({ repository, from: target, to: head, trusted: policy.trusted })
      : [];
    return {
      pull: view(row),
      head,
      protection,
      unsigned: signatures.filter(({ status }) => status !== "good").map(({ commit }) => commit),
      method,
      policy,
    };
  }

  return {
    name: "embedded",

    async open(request) {
      const { repository, sourceBranch, targetBranch, authors } = request;
      if (sourceBranch === targetBranch)
        throw refuse("InputInvalid", `A pull request from ${sourceBranch} into itself changes nothing.`);
      await requireBranch(repository, sourceBranch);
      await requireBranch(repository, targetBranch);
      return await inTransaction(pool, async (client) => {
        const number = await claimNumber(client, repository, sourceBranch);
        const { title, body, labels, reviewers } = request;
        await client.query(
          `insert into connectsoft.forge_pull_requests as p
             (repository, number, title, body, labels, reviewers, authors, source_branch, target_branch, state)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open')
           on conflict (repository, number) do update
             set target_branch = excluded.target_branch,
                 authors = array(select distinct unnest(p.authors || excluded.authors) order by 1)`,
          [repository, number, title, body, labels, reviewers, authors, sourceBranch, targetBranch],
        );
        return view(await learnAuthors(client, await lockOne(client, repository, number)));
      });
    },

    update(repository, number, { title, body, labels, reviewers }, over) {
      return change(repository, number, (client) =>
        client.query(
          `update connectsoft.forge_pull_requests p
              set title = $3, body = $4, labels = $5, reviewers = $6
            where p.repository = $1 and p.number = $2
              and ($7::text is null or (p.body = $7 and p.labels = $8::text[] and p.state = $9))`,
          [repository, number, title, body, labels, reviewers, over?.body, over?.labels, over?.state],
        ),
      );
    },

    async get(repository, number) {
      const row = await selectOne(pool, repository, number);
      return row && view(row);
    },

    list: async (repository) => (await selectAll(pool, repository)).map(view),
    listOpen: async (owner) => (await selectOpen(pool, owner)).map(view),

    check(repository, number, name, check) {
      return change(repository, number, (client) =>
        client.query(
          `insert into connectsoft.forge_checks (repository, number, name, commit, conclusion, summary)
           values ($1, $2, $3, $4, $5, $6)
           on conflict (repository, number, name) do update
             set commit = excluded.commit, conclusion = excluded.conclusion, summary = excluded.summary`,
          [repository, number, name, check.commit, check.conclusion, check.summary],
        ),
      );
    },

    async review(repository, number, review) {
      const policy = await policyOf(repository);
      return await change(repository, number, async (client, row) => {
        const { by, verdict, commit, comment, at } = review;
        const { pull, head } = await standingOf(client, await learnAuthors(client, row), { policy });
        if (pull.state !== "open")
          throw refuse(
            "Conflict",
            `Pull request ${number} of ${repository} is ${pull.state}; it takes no review.`,
          );
        if (head !== commit)
          throw refuse(
            "Conflict",
            `Pull request ${number} of ${repository} has moved on: you looked at ${commit}, its head is ${head}.`,
            "Look at what it is now, and give your review again.",
          );
        if (verdict === "approved" && pull.authors.includes(by) && !policy.selfApproval)
          throw refuse(
            "SelfApproval",
            `${by} may not approve pull request ${number} of ${repository}: the change is by ${pull.authors.join(", ")}.`,
            "Ask somebody who has no part in it.",
          );
        await client.query(
          `insert into connectsoft.forge_reviews (repository, number, reviewer, verdict, commit, comment, reviewed_at)
           values ($1, $2, $3, $4, $5, $6, $7)`,
          [repository, number, by, verdict, commit, comment, at],
        );
      });
    },

    async blockers(repository, number) {
      const policy = await policyOf(repository);
      return await inTransaction(pool, async (client) => {
        const row = await learnAuthors(client, await lockOne(client, repository, number));
        return row.state === "merged" ? [] : blockersOf(await standingOf(client, row, { policy }));
      });
    },

    async merge(request) {
      const { repository, number, expectTree, expectFolder, method } = request;
      const policy = await policyOf(repository);
      return await inTransaction(pool, async (client) => {
        const row = await learnAuthors(client, await lockOne(client, repository, number));
        const { merge_commit: commit, merge_tree: tree, merge_parents: parents } = row;
        if (commit !== null && tree !== null && parents !== null)
          return { status: "merged", commit, tree, parents };
        const standing = await standingOf(client, row, { policy, method });
        const { head, protection } = standing;
        const blockers = blockersOf(standing);
        if (head === undefined || blockers.length > 0) return { status: "blocked", blockers };
        const { signWith } = policy;
        const result = await sourceControl.merge({
          repository,
          // The checked commit and no later one, whatever lands on the branch meanwhile.
          source: head,
          target: row.target_branch,
          method: method ?? protection?.mergeMethods[0] ?? "merge",
          ...(expectTree !== undefined && { expectTree }),
          ...(expectFolder !== undefined && { expectFolder }),
          ...(signWith !== undefined && { signWith }),
          subject: request.subject,
          trailers: request.trailers,
          author: mergeAuthor,
          at: request.at,
          // One for all who ask: a squash is found again by nothing else.
          invocationId: `pull-request-${number}-${head}`,
        });
        if (result.status !== "merged") return result;
        await client.query(
          `update connectsoft.forge_pull_requests p
              set state = 'merged', merge_commit = $3, merge_tree = $4, merge_parents = $5, merged_head = $6
            where p.repository = $1 and p.number = $2`,
          [repository, number, result.commit, result.tree, result.parents, head],
        );
        return result;
      });
    },

    close(repository, number) {
      return change(repository, number, async (client, row) => {
        if (row.state === "merged")
          throw refuse("Conflict", `Pull request ${number} of ${repository} is merged; it cannot be closed.`);
        await client.query(
          "update connectsoft.forge_pull_requests p set state = 'closed' where p.repository = $1 and p.number = $2",
          [repository, number],
        );
      });
    },

    async diff(repository, number) {
      const row = await selectOne(pool, repository, number);
      if (row === undefined) throw refuse("NotFound", `There is no pull request ${number} in ${repository}.`);
      const base = row.merge_parents?.[0] ?? row.target_branch;
      const head = row.merged_head ?? row.source_branch;
      const { files, patch, truncated } = await options.compare({
        repository,
        base,
        head,
        maxBytes: longestPatchBytes,
      });
      return { files, patch, truncated };
    },

    async protect(repository, protections) {
      await pool.query(
        `insert into connectsoft.forge_protections (repository, protections) values ($1, $2)
         on conflict (repository) do update set protections = excluded.protections`,
        [repository, JSON.stringify(protections)],
      );
    },

    async protections(repository) {
      return (await readProtections(pool, repository)) ?? (await policyOf(repository)).protections;
    },
  };
}

function viewOf(row: PullRequestRow, url: string): PullRequest {
  const { merge_commit: commit, merge_tree: tree } = row;
  return {
    number: row.number,
    url,
    repository: row.repository,
    title: row.title,
    body: row.body,
    sourceBranch: row.source_branch,
    targetBranch: row.target_branch,
    state: row.state,
    labels: row.labels,
    reviewers: row.reviewers,
    authors: row.authors,
    checks: row.checks,
    reviews: row.reviews,
    ...(commit !== null && tree !== null && { merge: { commit, tree } }),
  };
}
