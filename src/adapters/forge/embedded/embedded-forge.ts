/** The forge that comes with the product: pull requests in PostgreSQL, branches in source control. */
import type pg from "pg";
import { refuse } from "../../../domain/refusal.ts";
import type { Forge, PullRequest, PullRequestCheck } from "../../../ports/forge.ts";
import type { SourceControl } from "../../../ports/source-control.ts";
import { claimNumber, inTransaction, lockOne, type PullRequestRow, selectAll, selectOne } from "./rows.ts";

export interface EmbeddedForgeOptions {
  pool: pg.Pool;
  sourceControl: SourceControl;
  /** Where a person sees a pull request. */
  url(repository: string, number: number): string;
}

const mergeAuthor = { name: "ConnectSoft Forge", email: "forge@connectsoft.invalid" };

/**
 * Every change of a pull request holds its row, so that two merges, or a merge and a check, come one after the
 * other. A kill between the merge in git and its record leaves an open pull request whose next merge finds it.
 */
export function createEmbeddedForge({ pool, sourceControl, url }: EmbeddedForgeOptions): Forge {
  function view(row: PullRequestRow): PullRequest {
    const merge =
      row.merge_commit === null || row.merge_tree === null
        ? {}
        : { merge: { commit: row.merge_commit, tree: row.merge_tree } };
    return {
      number: row.number,
      url: url(row.repository, row.number),
      repository: row.repository,
      title: row.title,
      body: row.body,
      sourceBranch: row.source_branch,
      targetBranch: row.target_branch,
      state: row.state,
      labels: [],
      reviewers: [],
      reviews: [],
      checks: row.checks,
      ...merge,
    };
  }

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

  return {
    name: "embedded",

    async open(request) {
      const { repository, sourceBranch, targetBranch } = request;
      if (sourceBranch === targetBranch)
        throw refuse("InputInvalid", `A pull request from ${sourceBranch} into itself changes nothing.`);
      await requireBranch(repository, sourceBranch);
      await requireBranch(repository, targetBranch);
      return await inTransaction(pool, async (client) => {
        const number = await claimNumber(client, repository, sourceBranch);
        await client.query(
          `insert into connectsoft.forge_pull_requests
             (repository, number, title, body, labels, source_branch, target_branch, state)
           values ($1, $2, $3, $4, $5, $6, $7, 'open')
           on conflict (repository, number) do update
             set title = excluded.title, body = excluded.body, labels = excluded.labels,
                 target_branch = excluded.target_branch`,
          [repository, number, request.title, request.body, request.labels, sourceBranch, targetBranch],
        );
        return view(await lockOne(client, repository, number));
      });
    },

    async get(repository, number) {
      const row = await selectOne(pool, repository, number);
      return row && view(row);
    },

    async list(repository) {
      return (await selectAll(pool, repository)).map(view);
    },

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

    merge(request) {
      const { repository, number } = request;
      return inTransaction(pool, async (client) => {
        const row = await lockOne(client, repository, number);
        const { merge_commit: commit, merge_tree: tree, merge_parents: parents } = row;
        if (commit !== null && tree !== null && parents !== null)
          return { status: "merged", commit, tree, parents };
        const head = await sourceControl.tip(repository, row.source_branch);
        const reasons = blockers(row, head?.commit);
        if (head === undefined || reasons.length > 0) return { status: "blocked", reasons };
        const result = await sourceControl.merge({
          repository,
          // The checked commit and no later one, whatever lands on the branch meanwhile.
          source: head.commit,
          target: row.target_branch,
          ...(request.expectTree === undefined ? {} : { expectTree: request.expectTree }),
          subject: request.subject,
          trailers: request.trailers,
          author: mergeAuthor,
          at: request.at,
          invocationId: request.invocationId,
        });
        if (result.status !== "merged") return result;
        await client.query(
          `update connectsoft.forge_pull_requests p
              set state = 'merged', merge_commit = $3, merge_tree = $4, merge_parents = $5
            where p.repository = $1 and p.number = $2`,
          [repository, number, result.commit, result.tree, result.parents],
        );
        return result;
      });
    },

    review: later,
    diff: later,
    protect: later,
    protections: later,

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
  };
}

function later(): never {
  throw new Error("not there yet");
}

function blockers(row: PullRequestRow, head: string | undefined): string[] {
  if (row.state === "closed") return ["the pull request is closed"];
  if (head === undefined) return [`the branch ${row.source_branch} is gone`];
  const checks = Object.entries(row.checks);
  if (checks.length === 0) return ["no check has reported on it yet"];
  return checks.flatMap(([name, check]) => blocker(name, check, head));
}

function blocker(name: string, check: PullRequestCheck, head: string): string[] {
  if (check.commit !== head) return [`check ${name} is of ${check.commit}, the head is ${head}`];
  return check.conclusion === "success" ? [] : [`check ${name} failed: ${check.summary}`];
}
