/** A hotfix: a Release Manager's word that puts one release on the expedited path that policy describes. */
import type { EffectivePolicy } from "./effective-policy.ts";

export interface Hotfix {
  by: string;
  comment: string;
  /** ISO 8601. */
  at: string;
}

/** As much of a delivery's events as tells. */
export interface HotfixStatement {
  name: string;
  sequence: number;
  time: string;
  environment?: string;
  data: Record<string, unknown>;
}

/** HotfixApproved and ReleaseProposed are looked at; others may be among them. */
export const hotfixEvents = ["HotfixApproved", "ReleaseProposed"] as const;

/**
 * The hotfix that was approved for this release: one that names it, or one that had it proposed, which is the
 * first proposal after it. It is for that release alone.
 */
export function hotfixOf(
  statements: readonly HotfixStatement[],
  { releaseId, environment }: { releaseId: string; environment: string },
): Hotfix | undefined {
  const here = statements
    .filter((one) => (one.environment ?? one.data.environment ?? environment) === environment)
    .toSorted((a, b) => a.sequence - b.sequence);
  const proposals = here.filter(({ name }) => name === "ReleaseProposed");
  const found = here.findLast((one) => {
    if (one.name !== "HotfixApproved") return false;
    if (one.data.releaseId === releaseId) return true;
    const next = proposals.find(({ sequence }) => sequence > one.sequence);
    if (one.data.again === true) return next?.data.releaseId === releaseId;
    return one.data.releaseId === undefined && (next ?? proposals.at(-1))?.data.releaseId === releaseId;
  });
  if (found === undefined) return undefined;
  const { by, comment, reason } = found.data;
  return { by: String(by), comment: String(comment ?? reason ?? ""), at: found.time };
}

/**
 * The policy of that release: roles, number of approvers and delay as `hotfix` says. Where the hotfix is approved
 * by a person who sponsors the change or did, one other person approves the release all the same.
 */
export function expedited(
  policy: EffectivePolicy,
  hotfix: Hotfix | undefined,
  sponsors: readonly string[],
): EffectivePolicy {
  if (hotfix === undefined || policy.hotfix === undefined) return policy;
  const { roles = policy.roles, minApprovers = policy.minApprovers } = policy.hotfix;
  const own = sponsors.includes(hotfix.by) && !policy.selfApproval;
  const { approvals, ...rest } = policy;
  // Whom the hotfix path asks is all that it asks.
  const replaced = policy.hotfix.roles !== undefined || policy.hotfix.minApprovers !== undefined;
  return {
    ...rest,
    ...(approvals !== undefined && !replaced && { approvals }),
    roles,
    minApprovers: own ? Math.max(minApprovers, Math.min(1, policy.minApprovers)) : minApprovers,
    minDelayBeforeDeploy: policy.hotfix.minDelayBeforeDeploy ?? policy.minDelayBeforeDeploy,
  };
}
