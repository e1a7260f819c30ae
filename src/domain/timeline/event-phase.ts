/** The part of a delivery's life that an event belongs to. */
import { type DeliveryEvent, eventName } from "../event/event.ts";
import type { EventName } from "../event/event-catalogue.ts";

export const phases = [
  "hand-over",
  "commit",
  "pull-request",
  "build",
  "provisioning",
  "release",
  "deployment",
  "watch",
  "recovery",
] as const;
export type TimelinePhase = (typeof phases)[number];

const namesOf: Record<TimelinePhase, readonly EventName[]> = {
  "hand-over": [
    "TraceInitialized",
    "ModuleReady",
    "ModuleGenerated",
    "TestsGenerated",
    "BlueprintValidated",
    "ReleaseIntentDeclared",
    "SponsorChanged",
    "DeliveryCancelled",
    "DeliverySuperseded",
  ],
  commit: ["StudioCommitRequest", "CommitReady"],
  "pull-request": ["StudioPRAction", "PullRequestCreated", "PullRequestMerged"],
  build: [
    "RebuildPipelineRequested",
    "PipelineReady",
    "PipelineInvalid",
    "ArtifactBuilt",
    "TestsPassed",
    "TestsFailed",
    "SmokeTestsReady",
    "ScanCompleted",
    "SignatureAdded",
  ],
  provisioning: ["ProvisionRequested", "InfraProvisioned", "InfraFailed", "EnvironmentDestroyed"],
  release: [
    "ReleaseProposed",
    "GateAnswered",
    "ApprovalRequested",
    "ApprovalGranted",
    "ApprovalRefused",
    "ApprovalVoided",
    "ReleaseCommented",
    "ReleaseApproved",
    "ReleaseDelayed",
    "ReleaseRejected",
    "ReleaseRevoked",
    "FreezeOverrideRequested",
    "FreezeOverridden",
    "CveOverridden",
    "HotfixApproved",
    "RetryDelayed",
    "PolicyBlocked",
    "DependencyDeployed",
    "DependencyFailed",
  ],
  deployment: [
    "DeployRequested",
    "DeploymentStarted",
    "RolloutProgressed",
    "RolloutPromoted",
    "DeploymentCompleted",
    "DeploymentFailed",
    "ReleasePublished",
    "ReleaseReplaced",
    "ReleaseRestored",
  ],
  watch: ["DriftDetected", "DriftCorrected", "RegressionDetected", "VulnerabilityFound"],
  recovery: ["RollbackRequested", "RollbackTriggered", "RollbackCompleted", "RollbackFailed", "RevertBegun"],
};

const skillsOf: Record<string, TimelinePhase> = {
  CommitModule: "commit",
  OpenPullRequest: "pull-request",
  MergePullRequest: "pull-request",
  ProvisionAhead: "provisioning",
  PlanInfrastructure: "provisioning",
  ApplyInfrastructure: "provisioning",
  CorrectDrift: "watch",
  RollBack: "recovery",
  ReportRollbackFailure: "recovery",
};

const agentsOf: Record<string, TimelinePhase> = {
  "code-committer": "commit",
  "pull-request-creator": "pull-request",
  "devops-engineer": "build",
  "cloud-provisioner": "provisioning",
  "release-manager": "release",
  "deployment-orchestrator": "deployment",
};

const byName = new Map(phases.flatMap((phase) => namesOf[phase].map((name) => [name, phase] as const)));

export function phaseOf(event: DeliveryEvent): TimelinePhase {
  const skill = event.skillid ?? String(event.data.skillId ?? "");
  const agent = event.agentid ?? String(event.data.agentId ?? "");
  return (
    byName.get(eventName(event)) ??
    skillsOf[skill] ??
    agentsOf[agent] ??
    (event.environment === undefined ? "hand-over" : "release")
  );
}
