/** What keeps a pull request from its target branch: its state, its checks, its reviews, its signatures. */
import type {
  Blocker,
  BranchProtection,
  MergeMethod,
  PullRequest,
  PullRequestCheck,
  PullRequestReview,
} from "../../../ports/forge.ts";
import type { RepositoryPolicy } from "./repository-policy.ts";

export interface Standing {
  pull: PullRequest;
  /** Undefined where the source branch is gone. */
  head: string | undefined;
  /** Undefined where the target branch is not protected. */
  protection: BranchProtection | undefined;
  /** Commits of the change without a good signature; looked for only where the protection asks for them. */
  unsigned: string[];
  method: MergeMethod | undefined;
  policy: Pick<RepositoryPolicy, "selfApproval" | "signWith">;
}

export function blockersOf(standing: Standing): Blocker[] {
  const { pull, head, protection, method } = standing;
  if (pull.state === "closed") return [{ about: "state", reason: "the pull request is closed" }];
  if (head === undefined) return [{ about: "state", reason: `the branch ${pull.sourceBranch} is gone` }];
  return [
    ...checkBlockers(pull.checks, protection?.requiredChecks ?? [], head),
    ...reviewBlockers(standing, head),
    ...signatureBlockers(standing),
    ...methodBlockers(protection, method),
  ];
}

/** The newest word of each person that is no mere comment. */
export function standingReviews(reviews: readonly PullRequestReview[]): PullRequestReview[] {
  const words = reviews.filter(({ verdict }) => verdict !== "commented");
  return [...new Map(words.map((review) => [review.by, review])).values()];
}

function checkBlockers(
  checks: Record<string, PullRequestCheck>,
  required: string[],
  head: string,
): Blocker[] {
  const names = Object.keys(checks);
  const missing = required.filter((name) => !names.includes(name));
  const reasons = [
    ...(names.length === 0 && missing.length === 0 ? ["no check has reported on it yet"] : []),
    ...missing.map((name) => `check ${name} has not reported yet`),
    ...Object.entries(checks).flatMap(([name, check]) => checkReasons(name, check, head)),
  ];
  return reasons.map((reason) => ({ about: "check", reason }));
}

function checkReasons(name: string, check: PullRequestCheck, head: string): string[] {
  if (check.commit !== head) return [`check ${name} is of ${check.commit}, the head is ${head}`];
  return check.conclusion === "success" ? [] : [`check ${name} failed: ${check.summary}`];
}

function reviewBlockers({ pull, protection, policy }: Standing, head: string): Blocker[] {
  const { selfApproval } = policy;
  const words = standingReviews(pull.reviews);
  const objections = words
    .filter(({ verdict }) => verdict === "changes-requested")
    .map(({ by, comment }) => `${by} asks for changes${comment === "" ? "" : `: ${comment}`}`);
  const needed = protection?.requiredApprovals ?? 0;
  const given = words.filter(
    ({ verdict, commit, by }) =>
      verdict === "approved" && commit === head && (selfApproval || !pull.authors.includes(by)),
  ).length;
  const missing =
    given >= needed ? [] : [`${approvalsNeeded(needed, pull.authors, selfApproval)}; ${given} so far`];
  return [...missing, ...objections].map((reason) => ({ about: "review", reason }));
}

function approvalsNeeded(needed: number, authors: string[], selfApproval: boolean): string {
  const count = needed === 1 ? "an approval of its head" : `${needed} approvals of its head`;
  const by = selfApproval || authors.length === 0 ? "" : ` by somebody other than ${authors.join(", ")}`;
  return `it needs ${count}${by}`;
}

function signatureBlockers({ unsigned, pull, protection, policy }: Standing): Blocker[] {
  if (protection?.requireSignedCommits !== true) return [];
  const rule = `${pull.targetBranch} takes signed commits only`;
  const [first] = unsigned;
  const others = unsigned.length === 1 ? "" : ` and ${unsigned.length - 1} more commits`;
  const reasons = [
    ...(first === undefined ? [] : [`${rule}; ${first}${others} has no good signature of a trusted signer`]),
    ...(policy.signWith === undefined
      ? [`${rule}, and the merge itself could not be signed: commits.sign of tenant.yaml names no key`]
      : []),
  ];
  return reasons.map((reason) => ({ about: "signature", reason }));
}

function methodBlockers(
  protection: BranchProtection | undefined,
  method: MergeMethod | undefined,
): Blocker[] {
  if (protection === undefined || method === undefined || protection.mergeMethods.includes(method)) return [];
  const reason = `${protection.pattern} is merged by ${protection.mergeMethods.join(" or ")} and not by ${method}`;
  return [{ about: "method", reason }];
}
