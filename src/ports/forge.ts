/**
 * A forge: pull requests with checks and reviews, and branches that it protects. Fits the embedded one, GitHub,
 * GitLab, Azure DevOps and Gitea.
 */
import type { FileDelta, MergeResult } from "./source-control.ts";

export interface PullRequest {
  number: number;
  url: string;
  repository: string;
  title: string;
  body: string;
  sourceBranch: string;
  targetBranch: string;
  state: "open" | "merged" | "closed";
  labels: string[];
  /** Who was asked to look at it: people and teams as CODEOWNERS names them. */
  reviewers: string[];
  checks: Record<string, PullRequestCheck>;
  /** Newest last; of each person the newest that is no comment counts, on whichever head it was given. */
  reviews: PullRequestReview[];
  merge?: { commit: string; tree: string };
}

export interface PullRequestCheck {
  /** The commit that was checked; a check of another head does not count. */
  commit: string;
  conclusion: "success" | "failure";
  summary: string;
}

export interface PullRequestReview {
  by: string;
  verdict: "approved" | "changes-requested" | "commented";
  /** The head that was looked at; an approval of another head does not count. */
  commit: string;
  comment: string;
  /** ISO 8601. */
  at: string;
}

/** What a branch asks of everything that lands on it; a push past it is refused with BranchPolicy or UnsignedCommit. */
export interface BranchProtection {
  /** Branch name, `*` for any run of characters within one part: `main`, `release/*`. */
  pattern: string;
  /** Only by pull request. */
  pullRequestOnly: boolean;
  /** Checks that must have succeeded on the head; whatever else is there must have succeeded too. */
  requiredChecks: string[];
  requiredApprovals: number;
  requireSignedCommits: boolean;
  mergeMethods: MergeMethod[];
}

export type MergeMethod = "merge" | "squash" | "rebase";

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
    reviewers: string[];
  }): Promise<PullRequest>;
  get(repository: string, number: number): Promise<PullRequest | undefined>;
  list(repository: string): Promise<PullRequest[]>;
  /** Sets one named check; the same name again replaces it. */
  check(repository: string, number: number, name: string, check: PullRequestCheck): Promise<PullRequest>;
  review(repository: string, number: number, review: PullRequestReview): Promise<PullRequest>;
  /**
   * Merges exactly the source branch's head when it has checks, all of them succeeded and the target's protection
   * is content; merging a merged one returns its merge.
   */
  merge(request: {
    repository: string;
    number: number;
    /** Absent: the first that the target's protection allows. */
    method?: MergeMethod;
    /** The tree that the merge must have; otherwise nothing moves and the answer is `diverged`. */
    expectTree?: string;
    /** Only this folder of the merge must have `expectTree`. */
    expectFolder?: string;
    subject: string;
    trailers: Record<string, string>;
    at: string;
    invocationId: string;
  }): Promise<MergeResult | { status: "blocked"; reasons: string[] }>;
  close(repository: string, number: number): Promise<PullRequest>;
  /** What merging it would change, and the text of it, at most 1 MiB. */
  diff(repository: string, number: number): Promise<{ files: FileDelta[]; patch: string }>;
  /** Replaces the repository's protections. */
  protect(repository: string, protections: BranchProtection[]): Promise<void>;
  protections(repository: string): Promise<BranchProtection[]>;
}
