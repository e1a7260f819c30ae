/** Every commit that a delivery builds upon must carry a good signature, where the tenant asks for it. */
import { digestOf } from "../../domain/canonical-json.ts";
import { refuse } from "../../domain/refusal.ts";
import type { CommitPolicy } from "../../domain/tenant/delivery-policies.ts";
import type { SignatureCheck, SourceControl, TrustedSigners } from "../../ports/source-control.ts";
import { isFoundation, signatureTroubles } from "../commit-signatures.ts";

export interface BuiltUpon {
  required: boolean;
  /** How many commits were verified now; those that were verified before are not verified again. */
  verified: number;
}

export function trustedSigners(policy: CommitPolicy): TrustedSigners {
  return { ssh: policy.trustedSshSigners, openpgp: policy.trustedOpenPgpKeys };
}

/** Remembers per repository up to where it has verified: a commit never changes, and neither does its history. */
export function createSignatureCheck(sourceControl: SourceControl) {
  const verifiedTips = new Map<string, { commit: string; trust: string }>();

  return async function requireSignatures(
    repository: string,
    tip: string | undefined,
    policy: CommitPolicy,
  ): Promise<BuiltUpon> {
    if (!policy.requireSigned || tip === undefined) return { required: policy.requireSigned, verified: 0 };
    const trusted = trustedSigners(policy);
    const trust = digestOf({ ...trusted, since: policy.signedSince ?? null });
    const known = verifiedTips.get(repository);
    const from = known?.trust === trust ? known.commit : policy.signedSince;
    const request = { repository, to: tip, trusted, ...(from !== undefined && { from }) };
    const checks = await sourceControl.verify(request);
    for (const check of checks)
      if (check.status !== "good" && !(await isFoundation(sourceControl, repository, check.commit)))
        throw unsigned(repository, check);
    verifiedTips.set(repository, { commit: tip, trust });
    return { required: true, verified: checks.length };
  };
}

function unsigned(repository: string, { commit, author, status, signer }: SignatureCheck): Error {
  const trouble = status === "good" ? "" : signatureTroubles[status];
  const by = signer === undefined || signer === "" ? "" : ` (${signer})`;
  return refuse(
    "UnsignedCommit",
    `${commit} of ${author.name} <${author.email}> in ${repository} ${trouble}${by}; commits.requireSigned asks for a good signature on every commit that a delivery builds upon.`,
    "Sign it anew, or ask a StudioAdmin to trust its signer, or to take the history up to a reviewed commit as it is (commits.signedSince in tenant.yaml).",
  );
}
