/** What people, service accounts and agents may be allowed to do (2-contracts §5), by the names that policies use. */
import type { RefusalCode } from "../refusal.ts";

export interface ActionFacts {
  /** Completes "may not ...". */
  phrase: string;
  /** What changes something is written in the tenant's journal before it is done. */
  changes: boolean;
  /** How it is refused where no rule says otherwise. */
  refusal: RefusalCode;
}

export const actions = {
  view: reads("see what is there"),
  export: reads("export evidence"),
  "hand-over": changes("hand over modules"),
  commit: changes("request commits"),
  "pull-request": changes("act on pull requests"),
  push: changes("push to repositories"),
  review: changes("review pull requests"),
  merge: changes("merge pull requests"),
  rebuild: changes("rebuild pipelines"),
  provision: changes("provision shared resources"),
  deploy: changes("deploy"),
  rollback: changes("roll back"),
  retry: changes("retry a step that failed"),
  cancel: changes("cancel a delivery"),
  evidence: changes("add evidence"),
  settings: changes("change configuration and secrets"),
  comment: changes("comment on a release"),
  delay: changes("delay or resume a release"),
  escalate: changes("escalate a release"),
  approve: changes("approve a release", "UnauthorizedApprover"),
  reject: changes("reject a release", "UnauthorizedApprover"),
  "request-changes": changes("request changes to a release", "UnauthorizedApprover"),
  delegate: changes("delegate the role", "UnauthorizedApprover"),
  hotfix: changes("approve a hotfix"),
  revoke: changes("revoke a release"),
  freeze: changes("set or end a freeze"),
  "override-freeze": changes("override a freeze", "FreezeOverrideNotAllowed"),
  "override-cve": changes("override a CVE warning"),
  policy: changes("change release policy"),
  tenant: changes("manage the tenant's people, environments and policy"),
  token: changes("issue or end access tokens"),
  subscribe: changes("manage subscriptions and hooks"),
} as const satisfies Record<string, ActionFacts>;
export type Action = keyof typeof actions;

/** What an action does to the repository that it is about: a review is of what was read, a merge writes. */
export function doesTo(action: Action): "read" | "write" {
  const writing: readonly Action[] = ["hand-over", "commit", "push", "merge", "rebuild"];
  return writing.includes(action) ? "write" : "read";
}

function reads(phrase: string): ActionFacts {
  return { phrase, changes: false, refusal: "TenantForbidden" };
}

function changes(phrase: string, refusal: RefusalCode = "TenantForbidden"): ActionFacts {
  return { phrase, changes: true, refusal };
}
