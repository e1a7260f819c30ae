/**
 * EvaluateRelease: asks every gate and gives a verdict with every reason. Where people are missing it asks
 * for them and waits; an invocation that is run again with the same facts gives the same verdict.
 */
import type { JsonObject } from "../../../domain/json.ts";
import { type Refusal, refuse } from "../../../domain/refusal.ts";
import { sponsorsOf } from "../../../domain/release/authors.ts";
import { evaluateRelease as evaluate } from "../../../domain/release/evaluate-release.ts";
import { externalGates } from "../../../domain/release/external-answer.ts";
import type { Evidence } from "../../../domain/release/gate.ts";
import { gates } from "../../../domain/release/gates/index.ts";
import { expedited } from "../../../domain/release/hotfix.ts";
import type { AgentContext, AgentOutcome, Emission, Skill } from "../../../ports/agent.ts";
import { approvedHotfix } from "../../approved-hotfix.ts";
import { askExternalGates } from "../../ask-external-gates.ts";
import { countVotes } from "../../count-votes.ts";
import { policyOfDelivery } from "../../policy-of-delivery.ts";
import { rememberReads, rememberRules } from "../../remember-reads.ts";
import { askForApproval } from "../ask-for-approval.ts";
import { gatherEvidence } from "../gather-evidence.ts";
import type { ReleaseManagerPorts } from "../ports.ts";
import type { Proposal } from "../proposal.ts";
import { writeRecords } from "../records.ts";
import { versionOf } from "../version-of.ts";
import { voidedVotes } from "../voided-votes.ts";

const wakeOn = [
  "ApprovalGranted",
  "ApprovalRefused",
  "TestsPassed",
  "TestsFailed",
  "ScanCompleted",
  "SignatureAdded",
  "SmokeTestsReady",
  "CveOverridden",
  "RetryDelayed",
  "HotfixApproved",
  "DependencyDeployed",
  "DependencyFailed",
  "PolicyBlocked",
] as const;

/** What nearly every evaluation reads; what else is needed is read when it is. */
const foreseenEvents = [
  ...wakeOn,
  "ReleaseProposed",
  "ArtifactBuilt",
  "PullRequestMerged",
  "ApprovalRequested",
  "ApprovalVoided",
  "EscalationRaised",
  "DeployRequested",
  "FreezeOverridden",
] as const;

const foreseenArtifacts = [
  ["deployments", "RolloutPlan.yaml"],
  ["env", "InfrastructurePlan.json"],
  ["supply-chain", "SBOM.json"],
  ["supply-chain", "provenance.intoto.json"],
  ["supply-chain", "ArtifactSignature.sigstore.json"],
  ["supply-chain", "ImageSignature.json"],
  ["env", "PlanSignature.sigstore.json"],
  ["pipelines", "PipelineSignature.sigstore.json"],
  ["pipelines", "PipelineSnapshot.yaml"],
] as const;

export function createEvaluateRelease(given: ReleaseManagerPorts): Skill {
  return async function evaluateRelease(now: AgentContext): Promise<AgentOutcome> {
    const ports = rememberRules(given);
    const context = rememberReads(now, { events: foreseenEvents, artifacts: foreseenArtifacts });
    foresee(ports, context);
    const proposal = await readProposal(ports, context);
    const evidence = await gatherEvidence(ports, context, proposal);
    const refusedBy = refusalByPerson(proposal);
    const { answers, askAgainAt } = await askExternalGates(ports.externalGates, context, proposal);
    const verdict = evaluate([...gates, ...externalGates(answers, askAgainAt)], evidence);
    if (refusedBy !== undefined) {
      // Whose approval was missing besides is nobody's concern any more.
      const others = verdict.reasons.filter(({ code }) => code !== "QuorumNotMet");
      const rejected = { ...verdict, verdict: "Rejected" as const, reasons: [refusedBy, ...others] };
      writeRecords(context, proposal, { evidence, verdict: rejected });
      return reject(proposal, rejected.reasons);
    }
    writeRecords(context, proposal, { evidence, verdict });
    const { releaseId, version, environment, digests } = proposal;
    const release = { releaseId, version, environment };
    const reasons = verdict.reasons.map((reason) => ({ ...reason }));
    const voided = await voidedVotes(ports, context, proposal);
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
        const { emits, ...until } = await askForApproval(context, proposal, verdict.reasons);
        return {
          status: "Delayed",
          summary: approvalsSoFar(evidence, verdict.reasons),
          emits: [...voided, ...emits],
          wakeOn: [...wakeOn],
          ...until,
        };
      }
    }
  };
}

/** Begins to read what will be asked for in any case, all of it at once; who asks for it has the answer or the error. */
function foresee(ports: ReleaseManagerPorts, { invocation, memory }: AgentContext): void {
  const { tenantId } = invocation;
  void ports.tenants.get(tenantId);
  void ports.delegations.list(tenantId);
  void ports.signer.keys(tenantId);
  void ports.freezes.read(tenantId);
  void memory.read("deployments", "RolloutPlan.yaml");
}

async function readProposal(ports: ReleaseManagerPorts, context: AgentContext): Promise<Proposal> {
  const { tenantId, traceId, environment } = context.invocation;
  const target = environment ?? context.handOver.environments[0];
  if (target === undefined)
    throw refuse("InputInvalid", "There is no environment to release to.", "Hand over with --env.");
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
  const [tenant, hotfix, bound, trace] = await Promise.all([
    ports.tenants.get(tenantId),
    approvedHotfix(context, target, releaseId),
    ports.readBound(context),
    ports.traces.read({ tenantId, traceId, environment: target }),
  ]);
  const policy = expedited(policyOfDelivery(tenant, context, target), hotfix, sponsorsOf(context.handOver));
  const release = { tenant, policy, environment: target, releaseId, digests: bound.digests };
  return {
    ...release,
    ...bound,
    count: await countVotes(ports, context, { ...release, now: context.now().toISOString() }),
    ...(hotfix !== undefined && { hotfix }),
    version: typeof proposed?.data.version === "string" ? proposed.data.version : await versionOf(context),
    trace,
  };
}

/** A refusal by a person who may decide ends the release, whatever the gates say. */
function refusalByPerson({ releaseId, count }: Proposal): Refusal | undefined {
  const refused = count.refusals.find(({ signature, voided }) => signature.good && voided === undefined);
  if (refused === undefined) return undefined;
  const { by, comment, decision } = refused;
  return {
    code: "ApprovalRefused",
    message:
      decision === "changes-requested"
        ? `${by} asks for changes to ${releaseId}: ${comment}`
        : `${by} refused ${releaseId}: ${comment}`,
    next: "Mend what they name and hand the module over again.",
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
    .map(({ by, onBehalfOf, role, at, note, signature }) => ({
      ...{ by, at, note },
      ...(signature.good && { signature: signature.label }),
      ...(onBehalfOf !== undefined && { onBehalfOf }),
      ...(role !== undefined && { role }),
    }));
}

/** The request says by whom they are given. */
function approvalsSoFar({ quorum }: Evidence, reasons: Refusal[]): string {
  const given = quorum.votes.filter(({ counts }) => counts).length;
  const all = given + quorum.missing;
  const count = all === 1 ? "no approval" : `${given === 0 ? "none" : given} of ${all} approvals`;
  const others = reasons.filter(({ code }) => code !== "QuorumNotMet");
  return [`${count} so far.`, sentence(others)].join(" ").trim();
}

function sentence(reasons: Refusal[]): string {
  return reasons.map((reason) => reason.message).join(" ");
}
