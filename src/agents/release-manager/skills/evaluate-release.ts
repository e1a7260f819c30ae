/**
 * EvaluateRelease: asks every gate and gives a verdict with every reason. Where people are missing it asks
 * for them and waits; an invocation that is run again with the same facts gives the same verdict.
 */
import type { JsonObject } from "../../../domain/json.ts";
import { type Refusal, refuse } from "../../../domain/refusal.ts";
import { effectivePolicy } from "../../../domain/release/effective-policy.ts";
import { evaluateRelease as evaluate } from "../../../domain/release/evaluate-release.ts";
import type { Evidence } from "../../../domain/release/gate.ts";
import { gates } from "../../../domain/release/gates/index.ts";
import { expedited } from "../../../domain/release/hotfix.ts";
import { eligible } from "../../../domain/release/quorum.ts";
import type { AgentContext, AgentOutcome, Emission, Skill } from "../../../ports/agent.ts";
import { approvedHotfix } from "../../approved-hotfix.ts";
import { gatherEvidence, type Proposal } from "../gather-evidence.ts";
import { irreversibleSteps } from "../irreversible-steps.ts";
import type { ReleaseManagerPorts } from "../ports.ts";
import { writeRecords } from "../records.ts";
import { versionOf } from "../version-of.ts";

const wakeOn = [
  "ApprovalGranted",
  "ApprovalRefused",
  "TestsPassed",
  "TestsFailed",
  "RetryDelayed",
  "HotfixApproved",
  "DependencyDeployed",
  "DependencyFailed",
] as const;

export function createEvaluateRelease(ports: ReleaseManagerPorts): Skill {
  return async function evaluateRelease(context: AgentContext): Promise<AgentOutcome> {
    const proposal = await readProposal(ports, context);
    const evidence = await gatherEvidence(ports, context, proposal);
    const refusedBy = await refusalByPerson(context, proposal);
    const verdict = evaluate(gates, evidence);
    if (refusedBy !== undefined) {
      const rejected = { ...verdict, verdict: "Rejected" as const, reasons: [refusedBy, ...verdict.reasons] };
      writeRecords(context, proposal, { evidence, verdict: rejected });
      return reject(proposal, rejected.reasons);
    }
    writeRecords(context, proposal, { evidence, verdict });
    const { releaseId, version, environment, digests } = proposal;
    const release = { releaseId, version, environment };
    const reasons = verdict.reasons.map((reason) => ({ ...reason }));
    const voided = await voidedVotes(context, proposal, evidence);
    switch (verdict.verdict) {
      case "Approved": {
        const data = { ...release, reasons, digests, approvedBy: countedBy(evidence) };
        return success(`${releaseId} approved for ${environment}`, [
          ...voided,
          { name: "ReleaseApproved", data },
        ]);
      }
      case "Rejected":
        return reject(proposal, verdict.reasons, voided);
      case "Delayed": {
        const until = verdict.until === undefined ? {} : { until: verdict.until };
        const emits: Emission[] = [
          ...voided,
          { name: "ReleaseDelayed", data: { ...release, reasons, digests, ...until } },
        ];
        return {
          status: "Delayed",
          summary: sentence(verdict.reasons),
          emits,
          wakeOn: [...wakeOn],
          ...until,
        };
      }
      case "AwaitingApproval": {
        const irreversible = await irreversibleSteps(context);
        const data = {
          ...release,
          reasons,
          digests,
          ...request(proposal, evidence, context),
          ...(irreversible.length > 0 && { irreversible }),
        };
        const emits: Emission[] = [...voided, { name: "ApprovalRequested", data }];
        return { status: "Delayed", summary: sentence(verdict.reasons), emits, wakeOn: [...wakeOn] };
      }
    }
  };
}

async function readProposal(ports: ReleaseManagerPorts, context: AgentContext): Promise<Proposal> {
  const { tenantId, traceId, environment } = context.invocation;
  const target = environment ?? context.handOver.environments[0];
  if (target === undefined)
    throw refuse("InputInvalid", "There is no environment to release to.", "Hand over with --env.");
  const tenant = await ports.tenants.get(tenantId);
  const proposed = (await context.events("ReleaseProposed")).find(
    (event) => event.data.environment === target,
  );
  const releaseId = context.invocation.releaseId ?? proposed?.data.releaseId;
  if (typeof releaseId !== "string")
    throw refuse(
      "NotFound",
      `No release was proposed for ${target} yet.`,
      "Propose it first: flow state proposed, skill ProposeRelease.",
    );
  const { complianceMode, sponsor } = context.handOver;
  const hotfix = await approvedHotfix(context, target, releaseId);
  return {
    tenant,
    policy: expedited(effectivePolicy(tenant, target, complianceMode), hotfix, sponsor),
    ...(hotfix !== undefined && { hotfix }),
    environment: target,
    releaseId,
    version: typeof proposed?.data.version === "string" ? proposed.data.version : await versionOf(context),
    digests: await ports.readDigests(context),
    trace: await ports.traces.read({ tenantId, traceId, environment: target }),
  };
}

/** A refusal by a person who may decide ends the release, whatever the gates say. */
async function refusalByPerson(context: AgentContext, { releaseId }: Proposal): Promise<Refusal | undefined> {
  const refused = (await context.events("ApprovalRefused")).find(
    (event) => event.data.releaseId === releaseId,
  );
  if (refused === undefined) return undefined;
  const { by, comment } = refused.data;
  return {
    code: "ApprovalRefused",
    message: `${by} refused ${releaseId}: ${comment}`,
    next: "Mend what they name and hand the module over again.",
  };
}

/** A vote on other digests is void, and says what changed; told once. */
async function voidedVotes(
  context: AgentContext,
  { releaseId }: Proposal,
  { quorum }: Evidence,
): Promise<Emission[]> {
  const told = (await context.events("ApprovalVoided")).map(
    (event) => `${event.data.by} ${event.data.votedAt}`,
  );
  return quorum.votes
    .filter((vote) => vote.code === "DigestMismatch" && !told.includes(`${vote.by} ${vote.at}`))
    .map((vote) => ({
      name: "ApprovalVoided",
      data: { releaseId, by: vote.by, votedAt: vote.at, code: "DigestMismatch", message: vote.note },
    }));
}

function request({ tenant, policy }: Proposal, { quorum }: Evidence, context: AgentContext): JsonObject {
  const { sponsor } = context.handOver;
  return {
    roles: policy.roles,
    minApprovers: policy.minApprovers,
    missing: quorum.missing,
    granted: quorum.votes.filter((vote) => vote.counts).map((vote) => vote.by),
    mayApprove: eligible({ tenant, policy, sponsor }),
    sponsor,
  };
}

function reject(
  { releaseId, version, environment }: Proposal,
  reasons: Refusal[],
  before: Emission[] = [],
): AgentOutcome {
  const data = { releaseId, version, environment, reasons: reasons.map((reason) => ({ ...reason })) };
  const refusal = reasons[0] ?? { code: "TestsNotPassed" as const, message: "rejected" };
  return {
    status: "Failed",
    retryable: false,
    refusal,
    emits: [...before, { name: "ReleaseRejected", data }],
  };
}

function success(summary: string, emits: Emission[]): AgentOutcome {
  return { status: "Success", summary, emits };
}

function countedBy({ quorum }: Evidence): JsonObject[] {
  return quorum.votes
    .filter((vote) => vote.counts)
    .map(({ by, role, at, note }) => ({ by, at, note, ...(role !== undefined && { role }) }));
}

function sentence(reasons: Refusal[]): string {
  return reasons.map((reason) => reason.message).join(" ");
}
