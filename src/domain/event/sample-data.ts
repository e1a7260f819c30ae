/** What an event of each name may say, as whoever causes it states it: nothing of it has happened anywhere. */
import type { z } from "zod";
import type { Subject } from "../scope.ts";
import type { EventName, eventCatalogue } from "./event-catalogue.ts";

export interface SampleSubject extends Subject {
  environment: string;
}

type Stated = { [Name in EventName]: z.input<(typeof eventCatalogue)[Name]> };

const commit = "c".repeat(40);
const tree = "7".repeat(40);
const digest = `sha256:${"d".repeat(64)}`;
const releaseId = "release-000007";
const version = "1.4.0";
const release = { releaseId, version };
const at = "2026-01-01T10:00:00.000Z";
const later = "2026-01-02T10:00:00.000Z";
const evidence = { commit, tree, reportDigest: digest, producer: "vitest" };
const digests = {
  ...{ commit, tree, artifact: digest, rolloutPlan: digest, infrastructurePlan: digest },
  ...{ configuration: digest, secretVersions: digest, policy: digest },
};
const asked = { by: "jane", reason: "a sample" };
const reason = { code: "TestsNotPassed", message: "2 of 40 tests failed.", next: "Read the report." };
const reasons = [reason];
const vote = {
  ...{ releaseId, version, digests, at, by: "max", role: "ReleaseManager", roles: ["ReleaseManager"] },
  ...{ method: "studio", comment: "looks right" },
};
const probe = { httpGet: { path: "/healthz" } };
const invocation = { invocationId: "inv-1", attempt: 1 };
const override = {
  releaseId,
  digests,
  by: "jane",
  reason: "a hotfix",
  freezes: ["year-end"],
  expiresAt: later,
};
const difference = { kind: "instances", words: "1 of 2 instances runs" };

/** About this delivery, and where it belongs to an environment, in this one. */
export function sampleData({ tenantId, traceId, moduleId, environment }: SampleSubject) {
  return {
    TraceInitialized: {},
    ModuleReady: {
      source: { kind: "git", url: "https://forge.example/acme/booking.git", commit, tree },
      module: {
        ...{ id: moduleId, version, runtime: "node", packageManager: "npm", locked: true },
        ...{ start: ["npm", "start"], probes: { startup: probe, readiness: probe, liveness: probe } },
        needs: { config: [], secrets: [] },
      },
      ...{ repository: `${tenantId}/${moduleId}`, targetBranch: "main", environments: [environment] },
      ...{ sponsor: "jane", host: "host-1", complianceMode: false },
      ...{ flow: { name: "delivery", digest }, environmentFlow: { name: "environment", digest } },
    },
    ModuleGenerated: {},
    TestsGenerated: { count: 12 },
    BlueprintValidated: {},
    ReleaseIntentDeclared: {},
    StudioCommitRequest: asked,
    StudioPRAction: { ...asked, pullRequest: 3, verdict: "approved", commit },
    RebuildPipelineRequested: asked,
    ProvisionRequested: asked,
    DeployRequested: { ...asked, version },
    RollbackRequested: { ...asked, releaseId, code: "ErrorRateHigh" },
    HotfixApproved: { ...asked, releaseId },
    RetryDelayed: { ...asked, until: later },
    RolloutPromoted: { ...asked, releaseId },
    FreezeOverrideRequested: override,
    FreezeOverridden: { ...override, confirmedBy: "max" },
    CveOverridden: {
      ...{ ...asked, ...release, wholeVersion: false, cves: ["CVE-2026-0001"] },
      ...{ role: "SecurityReviewer", expiresAt: later },
    },
    CommitReady: { commit, tree, branch: "delivery/trace", changed: true },
    PullRequestCreated: {
      number: 3,
      url: "https://forge.example/acme/booking/pulls/3",
      title: "feat: bookings",
    },
    PullRequestMerged: { number: 3, commit, tree },
    InfraProvisioned: { environments: [environment], created: [], planDigest: digest },
    InfraFailed: { environment, reasons },
    PipelineReady: { commit, tree, dialects: ["github"] },
    PipelineInvalid: { reasons },
    ArtifactBuilt: { commit, tree, artifact: digest, files: 12, bytes: 48_000 },
    TestsPassed: { ...evidence, applicable: true },
    TestsFailed: evidence,
    SmokeTestsReady: {},
    ScanCompleted: { ...evidence, vulnerabilities: "Scanned", findings: { critical: 0, high: 1, medium: 2 } },
    SignatureAdded: { ...evidence, file: "supply-chain/cosign.json" },
    ReleaseProposed: release,
    GateAnswered: { releaseId, digests, gate: "change-board", status: "passed", reason: "agreed" },
    ApprovalRequested: { ...release, digests, roles: ["ReleaseManager"], minApprovers: 1 },
    ApprovalGranted: vote,
    ApprovalRefused: { ...vote, comment: "not this week" },
    ReleaseCommented: { releaseId, by: "max", comment: "who looks at the migration?" },
    ApprovalVoided: {
      releaseId,
      by: "max",
      code: "DigestMismatch",
      message: "What was approved has changed.",
    },
    ReleaseApproved: { ...release, digests, reasons: [] },
    ReleaseDelayed: { ...release, reasons, until: later },
    ReleaseRejected: { ...release, reasons },
    ReleaseRevoked: { releaseId, reasons },
    ReleaseReplaced: { releaseId, byRelease: "release-000008", byTrace: "trace-2026-01-02-0001" },
    ReleaseRestored: { releaseId, byRelease: "release-000008", byTrace: "trace-2026-01-02-0001" },
    DeploymentStarted: release,
    RolloutProgressed: { ...release, step: "10 %", index: 1, of: 3, attempt: 1 },
    DependencyDeployed: { moduleId: "ledger", releaseId },
    DependencyFailed: { moduleId: "ledger", releaseId, reasons },
    EnvironmentDestroyed: { ...asked, releaseId, namespace: `${tenantId}-${environment}` },
    DriftDetected: { releaseId, correct: true, differences: [difference] },
    DriftCorrected: { releaseId, differences: [difference] },
    DeploymentCompleted: { ...release, url: "https://booking.example", replaced: null },
    DeploymentFailed: { ...release, recoverable: false, reasons },
    RollbackTriggered: { releaseId, reasons },
    RollbackCompleted: { ...release, restored: "1.3.0" },
    RollbackFailed: { releaseId, reasons },
    RevertBegun: { releaseId, byTrace: "trace-2026-01-02-0001" },
    EscalationRaised: { what: "a person is needed", who: ["ReleaseManager"], next: "Look at it.", reasons },
    RegressionDetected: { releaseId, producer: "slo" },
    VulnerabilityFound: { releaseId, reasons, source: "osv", asOf: at, revokes: false },
    PolicyBlocked: { reasons },
    ReleasePublished: release,
    FlowStarted: { instance: environment, flow: "environment", flowDigest: digest },
    AgentInvoked: {
      ...{ invocationId: "inv-1", instance: environment, agentId: "release-manager" },
      ...{ skillId: "EvaluateRelease", fsmState: "evaluating_release" },
    },
    AgentCompleted: { ...invocation, outcome: "Success" },
    AgentFailed: invocation,
    TimerFired: { timerId: "timer-1", instance: environment },
    ArtifactWritten: {
      path: `memory/${traceId}/tenant-${tenantId}/env-${environment}/${moduleId}/deployments/release-000007/RolloutPlan.yaml`,
      ...{ name: "RolloutPlan.yaml", kind: "deployments", version: 1, sha256: digest },
    },
    FlowMoved: { instance: environment, to: "evaluating_release", by: "jane", reason: "a sample" },
    SponsorChanged: { from: "jane", to: "max", by: "ada", reason: "a sample" },
    DeliveryCancelled: asked,
    DeliverySuperseded: { byTrace: "trace-2026-01-02-0001" },
  } as const satisfies Stated;
}
