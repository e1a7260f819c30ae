import type { AgentManifest } from "../../domain/agent/manifest.ts";

export const releaseManagerManifest: AgentManifest = {
  agentId: "release-manager",
  promise: "Releases nothing that a gate or a person has not let through, and says why.",
  skills: ["EvaluateRelease", "ProposeRelease"],
  triggers: ["PipelineReady", "TestsPassed", "ReleaseIntentDeclared", "ApprovalGranted", "ApprovalRefused"],
  awaits: ["PipelineReady", "TestsPassed"],
  reads: [
    "pipelines/PipelineSnapshot.yaml",
    "deployments/RolloutPlan.yaml",
    "env/InfrastructurePlan.json",
    "env/PlanSignature.sigstore.json",
    "pipelines/PipelineSignature.sigstore.json",
    "supply-chain/*",
    "commits/CommitMetadata.json",
    "approvals/ApprovalRecords.yaml",
    "releases/ReleaseSummary.json",
  ],
  writes: ["approvals/ApprovalRecords.yaml", "releases/ReleasePlan.yaml", "releases/ReleaseSummary.json"],
  emits: [
    "GateAnswered",
    "ReleaseProposed",
    "ApprovalRequested",
    "ApprovalVoided",
    "ReleaseApproved",
    "ReleaseDelayed",
    "ReleaseRejected",
    "EscalationRaised",
  ],
  outcomes: { done: "ReleaseApproved", failed: "ReleaseRejected" },
  hostBound: false,
};
