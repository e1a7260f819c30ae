/**
 * A forge: pull requests with checks and reviews, and branches that it protects. Fits the embedded one, GitHub,
 * GitLab, Azure DevOps and Gitea; each operation names what carries it there, in this order (REST, below the
 * repository or project, unless it says otherwise).
 */
import type { FileDelta, MergeResult } from "./source-control.ts";

export interface PullRequest {
  number: number;
  url: string;
  repository: string;
  title: string;
  /** Markdown. */
  body: string;
  sourceBranch: string;
  targetBranch: string;
  state: "open" | "merged" | "closed";
  labels: string[];
  /** Who was asked to look at it: people and teams as CODEOWNERS names them. */
  reviewers: string[];
  /** On whose authority the change is: whoever pushed commits of it belongs to them, and none of them approves it. */
  authors: string[];
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
  /** At least one; the first is the usual one. */
  mergeMethods: MergeMethod[];
}

export type MergeMethod = "merge" | "squash" | "rebase";

/** What keeps a pull request from being merged. `review`: only a person can resolve it. */
export interface Blocker {
  about: "state" | "check" | "review" | "signature" | "method";
  /** A clause without a full stop. */
  reason: string;
}

export interface PullRequestText {
  title: string;
  body: string;
  labels: string[];
  reviewers: string[];
}

export interface MergePullRequestRequest {
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
}

export interface Forge {
  readonly name: string;
  /**
   * One open pull request a source branch: where there is one it keeps its text, and its target and authors are
   * brought up to date; a closed one stays closed. `authors` are added to those that are there. NotFound where a branch is missing.
   *
   * - GitHub `GET /pulls?head=&state=open`, `POST /pulls`, `PATCH /pulls/{n}`, `PUT /issues/{n}/labels`, `POST /pulls/{n}/requested_reviewers`
   * - GitLab `GET|POST /merge_requests` with `source_branch`, `labels`, `reviewer_ids`
   * - Azure DevOps `GET|POST /pullrequests` with `sourceRefName`, `POST /pullRequests/{n}/labels`, `PUT /pullRequests/{n}/reviewers/{id}`
   * - Gitea `GET /pulls/{base}/{head}`, `POST /pulls`, `PUT /issues/{n}/labels`, `POST /pulls/{n}/requested_reviewers`
   */
  open(
    request: PullRequestText & {
      repository: string;
      sourceBranch: string;
      targetBranch: string;
      authors: string[];
    },
  ): Promise<PullRequest>;
  /**
   * Replaces text, labels and reviewers, whatever the state: nothing is opened by it. With `over` only where body,
   * labels and state still are these, so that two who write at once lose nothing of each other's, and what was read
   * of an open one is not said of a merged one; it answers what is there then.
   * Platforms have no such condition: there one reads again right before.
   *
   * - GitHub `PATCH /pulls/{n}` · GitLab `PUT /merge_requests/{n}` · Azure DevOps `PATCH /pullrequests/{n}` · Gitea `PATCH /pulls/{n}`
   */
  update(
    repository: string,
    number: number,
    text: PullRequestText,
    over?: Pick<PullRequest, "body" | "labels" | "state">,
  ): Promise<PullRequest>;
  /**
   * - GitHub `GET /pulls/{n}`, `/pulls/{n}/reviews`, `/commits/{sha}/check-runs`
   * - GitLab `GET /merge_requests/{n}`, `/merge_requests/{n}/approvals`, `/repository/commits/{sha}/statuses`
   * - Azure DevOps `GET /pullrequests/{n}`, `/pullRequests/{n}/reviewers`, `/pullRequests/{n}/statuses`
   * - Gitea `GET /pulls/{n}`, `/pulls/{n}/reviews`, `/commits/{sha}/statuses`
   */
  get(repository: string, number: number): Promise<PullRequest | undefined>;
  /**
   * In order of their numbers.
   *
   * - GitHub `GET /pulls?state=all` · GitLab `GET /merge_requests` · Azure DevOps `GET /pullrequests?searchCriteria.status=all` · Gitea `GET /pulls?state=all`
   */
  list(repository: string): Promise<PullRequest[]>;
  /**
   * The open ones of all repositories of an owner, by repository and number.
   *
   * - GitHub `GET /search/issues?q=is:pr+is:open+org:` · GitLab `GET /groups/{id}/merge_requests?state=opened`
   * - Azure DevOps `GET {organization}/{project}/_apis/git/pullrequests` · Gitea `GET /repos/issues/search?type=pulls&owner=`
   */
  listOpen(owner: string): Promise<PullRequest[]>;
  /**
   * Sets one named check; the same name again replaces it.
   *
   * - GitHub `POST /check-runs` or `POST /statuses/{sha}` · GitLab `POST /statuses/{sha}`
   * - Azure DevOps `POST /pullRequests/{n}/statuses` · Gitea `POST /statuses/{sha}`
   */
  check(repository: string, number: number, name: string, check: PullRequestCheck): Promise<PullRequest>;
  /**
   * Records what a person says of the head that they looked at. SelfApproval where an author approves, Conflict
   * where the pull request is not open or `commit` is not its head any more.
   *
   * - GitHub `POST /pulls/{n}/reviews` with `commit_id` and `event`
   * - GitLab `POST /merge_requests/{n}/approve` with `sha`, `/unapprove`, `/notes`
   * - Azure DevOps `PUT /pullRequests/{n}/reviewers/{id}` with `vote`, `POST /pullRequests/{n}/threads`
   * - Gitea `POST /pulls/{n}/reviews` with `commit_id` and `event`
   */
  review(repository: string, number: number, review: PullRequestReview): Promise<PullRequest>;
  /**
   * What keeps it from being merged now; empty: nothing.
   *
   * - GitHub GraphQL `mergeStateStatus`, `reviewDecision`, `statusCheckRollup` · GitLab `detailed_merge_status`
   * - Azure DevOps `GET /_apis/policy/evaluations?artifactId=` · Gitea `GET /pulls/{n}` (`mergeable`) with `GET /branch_protections`
   */
  blockers(repository: string, number: number): Promise<Blocker[]>;
  /**
   * Merges exactly the source branch's head when it has checks, all of them succeeded and the target's protection
   * is content; merging a merged one returns its merge. Where a platform cannot compare trees, the adapter makes
   * the merge commit itself and pushes it by compare-and-set.
   *
   * - GitHub `PUT /pulls/{n}/merge` with `sha` and `merge_method` · GitLab `PUT /merge_requests/{n}/merge` with `sha` and `squash`
   * - Azure DevOps `PATCH /pullrequests/{n}` with `lastMergeSourceCommit`, `completionOptions.mergeStrategy`
   * - Gitea `POST /pulls/{n}/merge` with `head_commit_id` and `Do`
   */
  merge(request: MergePullRequestRequest): Promise<MergeResult | { status: "blocked"; blockers: Blocker[] }>;
  /**
   * Closing a closed one changes nothing; Conflict where it is merged.
   *
   * - GitHub `PATCH /pulls/{n}` with `state: closed` · GitLab `PUT /merge_requests/{n}` with `state_event: close`
   * - Azure DevOps `PATCH /pullrequests/{n}` with `status: abandoned` · Gitea `PATCH /pulls/{n}` with `state: closed`
   */
  close(repository: string, number: number): Promise<PullRequest>;
  /**
   * What merging it would change, or changed, and the text of it, at most 1 MiB.
   *
   * - GitHub `GET /pulls/{n}` with `application/vnd.github.diff`, `/pulls/{n}/files` · GitLab `GET /merge_requests/{n}/raw_diffs`, `/diffs`
   * - Azure DevOps `GET /pullRequests/{n}/iterations/{i}/changes` and git itself for the text · Gitea `GET /pulls/{n}.diff`, `/pulls/{n}/files`
   */
  diff(repository: string, number: number): Promise<PullRequestDiff>;
  /**
   * Replaces the repository's protections.
   *
   * - GitHub `POST|PUT /rulesets` or `PUT /branches/{branch}/protection` · GitLab `POST /protected_branches`, `/approval_rules`, `/push_rule`
   * - Azure DevOps `POST /_apis/policy/configurations` · Gitea `POST|PATCH /branch_protections`
   */
  protect(repository: string, protections: BranchProtection[]): Promise<void>;
  /** Where none were ever set: what the forge protects by default. */
  protections(repository: string): Promise<BranchProtection[]>;
}

export interface PullRequestDiff {
  files: FileDelta[];
  patch: string;
  /** True where the text was cut at its limit. */
  truncated: boolean;
}
