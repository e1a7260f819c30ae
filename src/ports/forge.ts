/** A forge: pull requests with checks. Fits the embedded one, GitHub, GitLab, Azure DevOps and Gitea. */
import type { MergeResult } from "./source-control.ts";

export interface PullRequest {
  number: number;
  url: string;
  repository: string;
  title: string;
  body: string;
  sourceBranch: string;
  targetBranch: string;
  state: "open" | "merged" | "closed";
  checks: Record<string, PullRequestCheck>;
  merge?: { commit: string; tree: string };
}

export interface PullRequestCheck {
  /** The commit that was checked; a check of another head does not count. */
  commit: string;
  conclusion: "success" | "failure";
  summary: string;
}

export interface Forge {
  readonly name: string;
  /** One open pull request a source branch: an existing one is brought up to date instead of a second. */
  open(request: {
    repository: string;
    sourceBranch: string;
    targetBranch: string;
    title: string;
    body: string;
    labels: string[];
  }): Promise<PullRequest>;
  get(repository: string, number: number): Promise<PullRequest | undefined>;
  list(repository: string): Promise<PullRequest[]>;
  /** Sets one named check; the same name again replaces it. */
  check(repository: string, number: number, name: string, check: PullRequestCheck): Promise<PullRequest>;
  /**
   * Merges exactly the source branch's head when it has checks and all of them succeeded; merging a merged one
   * returns its merge.
   */
  merge(request: {
    repository: string;
    number: number;
    /** The tree that the merge must have; otherwise nothing moves and the answer is `diverged`. */
    expectTree?: string;
    subject: string;
    trailers: Record<string, string>;
    at: string;
    invocationId: string;
  }): Promise<MergeResult | { status: "blocked"; reasons: string[] }>;
  close(repository: string, number: number): Promise<PullRequest>;
}
