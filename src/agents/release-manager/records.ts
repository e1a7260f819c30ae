/** The documents that a verdict leaves behind. */
import { stringify } from "yaml";
import { policyDigest } from "../../domain/release/effective-policy.ts";
import type { Verdict } from "../../domain/release/evaluate-release.ts";
import type { Evidence } from "../../domain/release/gate.ts";
import { isOrdered, planTrace } from "../../domain/release/release-plan.ts";
import type { AgentContext } from "../../ports/agent.ts";
import type { Proposal } from "./proposal.ts";

export function writeRecords(
  context: AgentContext,
  proposal: Proposal,
  found: { evidence: Evidence; verdict: Verdict },
): void {
  const { evidence, verdict } = found;
  context.memory.write("approvals", "ApprovalRecords.yaml", approvalRecords(proposal, evidence));
  context.memory.write("releases", "ReleaseSummary.json", releaseSummary(context, proposal, verdict));
  if (isOrdered(proposal.trace))
    context.memory.write("releases", "ReleasePlan.yaml", stringify(planTrace(proposal.trace)));
}

function approvalRecords({ releaseId }: Proposal, { quorum }: Evidence): string {
  return stringify(
    quorum.votes.map((vote) => ({
      releaseId,
      approvedBy: vote.by,
      onBehalfOf: vote.onBehalfOf ?? null,
      role: vote.role ?? null,
      method: vote.method,
      approvedAt: vote.at,
      comment: vote.comment,
      counts: vote.counts,
      because: vote.note,
      signature: vote.signature.good ? vote.signature.label : `not valid: ${vote.signature.why}`,
      digests: vote.digests,
    })),
  );
}

function releaseSummary(context: AgentContext, proposal: Proposal, verdict: Verdict): string {
  const { tenantId, traceId, moduleId } = context.invocation;
  const { releaseId, version, environment, policy, digests, hotfix } = proposal;
  const summary = {
    releaseId,
    tenantId,
    traceId,
    moduleId,
    environment,
    version,
    verdict: verdict.verdict,
    reasons: verdict.reasons,
    gates: verdict.gates,
    policyVersion: policyDigest(policy),
    policy,
    hotfix: hotfix ?? null,
    digests,
    lineage: { sponsor: context.handOver.sponsor, source: context.handOver.source },
  };
  return `${JSON.stringify(summary, null, 2)}\n`;
}
