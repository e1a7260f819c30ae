/** What a tenant's declaration asks of its repositories, where nothing else was set for one. */
import { fitsName } from "../../../domain/name-pattern.ts";
import type { Tenant } from "../../../domain/tenant/tenant.ts";
import type { BranchProtection } from "../../../ports/forge.ts";
import type { SigningKey, TrustedSigners } from "../../../ports/source-control.ts";

export interface RepositoryPolicy {
  /** Hold until the repository has protections of its own. */
  protections: BranchProtection[];
  trusted: TrustedSigners;
  /** The forge's own merges are signed with it. */
  signWith?: SigningKey;
  /** Whether the one person of a fresh installation may approve what they handed over (2-contracts §5). */
  selfApproval: boolean;
}

export function repositoryPolicyOf(tenant: Tenant): RepositoryPolicy {
  const { repositories, pullRequests, commits, separationOfDuties, people } = tenant;
  return {
    protections: [
      {
        pattern: repositories.targetBranch,
        pullRequestOnly: true,
        requiredChecks: [],
        requiredApprovals: pullRequests.requiredApprovals,
        requireSignedCommits: commits.requireSigned,
        mergeMethods: [pullRequests.mergeMethod],
      },
    ],
    trusted: { ssh: commits.trustedSshSigners, openpgp: commits.trustedOpenPgpKeys },
    ...(commits.sign !== undefined && { signWith: commits.sign }),
    selfApproval: separationOfDuties === "single-person" && people.length === 1,
  };
}

/** The first protection whose pattern fits the branch. */
export function protectionOf(
  protections: readonly BranchProtection[],
  branch: string,
): BranchProtection | undefined {
  return protections.find(({ pattern }) => fitsName(pattern, branch));
}
