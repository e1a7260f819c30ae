/** Rows of the embedded forge, read and written inside a transaction of the caller. */
import type pg from "pg";
import { refuse } from "../../../domain/refusal.ts";
import type { BranchProtection, PullRequestCheck, PullRequestReview } from "../../../ports/forge.ts";

export interface PullRequestRow {
  repository: string;
  number: number;
  title: string;
  body: string;
  labels: string[];
  reviewers: string[];
  authors: string[];
  source_branch: string;
  target_branch: string;
  state: "open" | "merged" | "closed";
  merge_commit: string | null;
  merge_tree: string | null;
  merge_parents: string[] | null;
  merged_head: string | null;
  checks: Record<string, PullRequestCheck>;
  reviews: PullRequestReview[];
}

const selectRows = `
  select p.repository, p.number, p.title, p.body, p.labels, p.reviewers, p.authors,
         p.source_branch, p.target_branch, p.state,
         p.merge_commit, p.merge_tree, p.merge_parents, p.merged_head,
         coalesce(
           (select jsonb_object_agg(c.name, jsonb_build_object(
                     'commit', c.commit, 'conclusion', c.conclusion, 'summary', c.summary))
              from connectsoft.forge_checks c
             where c.repository = p.repository and c.number = p.number),
           '{}') as checks,
         coalesce(
           (select jsonb_agg(jsonb_build_object(
                     'by', r.reviewer, 'verdict', r.verdict, 'commit', r.commit, 'comment', r.comment,
                     'at', to_char(r.reviewed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by r.id)
              from connectsoft.forge_reviews r
             where r.repository = p.repository and r.number = p.number),
           '[]') as reviews
    from connectsoft.forge_pull_requests p`;

export async function selectAll(pool: pg.Pool, repository: string): Promise<PullRequestRow[]> {
  const { rows } = await pool.query<PullRequestRow>(
    `${selectRows} where p.repository = $1 order by p.number`,
    [repository],
  );
  return rows;
}

export async function selectOpen(pool: pg.Pool, owner: string): Promise<PullRequestRow[]> {
  const { rows } = await pool.query<PullRequestRow>(
    `${selectRows} where p.state = 'open' and starts_with(p.repository, $1 || '/') order by p.repository, p.number`,
    [owner],
  );
  return rows;
}

/** Undefined where the repository has none of its own. */
export async function readProtections(
  client: pg.Pool | pg.PoolClient,
  repository: string,
): Promise<BranchProtection[] | undefined> {
  const { rows } = await client.query<{ protections: BranchProtection[] }>(
    "select p.protections from connectsoft.forge_protections p where p.repository = $1",
    [repository],
  );
  return rows[0]?.protections;
}

/** Who brought any of these commits here first, by a push. */
export async function selectPushers(
  client: pg.PoolClient,
  repository: string,
  commits: string[],
): Promise<string[]> {
  const { rows } = await client.query<{ pushed_by: string }>(
    `select distinct c.pushed_by from connectsoft.forge_pushed_commits c
      where c.repository = $1 and c.commit = any ($2)`,
    [repository, commits],
  );
  return rows.map(({ pushed_by }) => pushed_by);
}

export async function selectOne(
  client: pg.Pool | pg.PoolClient,
  repository: string,
  number: number,
): Promise<PullRequestRow | undefined> {
  const { rows } = await client.query<PullRequestRow>(
    `${selectRows} where p.repository = $1 and p.number = $2`,
    [repository, number],
  );
  return rows[0];
}

/** Locks the row until the end of the transaction; refuses with NotFound. */
export async function lockOne(
  client: pg.PoolClient,
  repository: string,
  number: number,
): Promise<PullRequestRow> {
  await client.query(
    "select 1 from connectsoft.forge_pull_requests p where p.repository = $1 and p.number = $2 for update",
    [repository, number],
  );
  const row = await selectOne(client, repository, number);
  if (row !== undefined) return row;
  throw refuse("NotFound", `There is no pull request ${number} in ${repository}.`);
}

/** The number of the branch's open pull request, else a new one; the repository's row stays locked. */
export async function claimNumber(
  client: pg.PoolClient,
  repository: string,
  sourceBranch: string,
): Promise<number> {
  await client.query(
    "insert into connectsoft.forge_repositories (repository, last_number) values ($1, 0) on conflict do nothing",
    [repository],
  );
  const locked = await client.query<{ last_number: number }>(
    "select r.last_number from connectsoft.forge_repositories r where r.repository = $1 for update",
    [repository],
  );
  const open = await client.query<{ number: number }>(
    `select p.number from connectsoft.forge_pull_requests p
      where p.repository = $1 and p.source_branch = $2 and p.state = 'open'`,
    [repository, sourceBranch],
  );
  if (open.rows[0] !== undefined) return open.rows[0].number;
  const number = (locked.rows[0]?.last_number ?? 0) + 1;
  await client.query("update connectsoft.forge_repositories r set last_number = $2 where r.repository = $1", [
    repository,
    number,
  ]);
  return number;
}
