import { agentOverlays } from "../../domain/agent/agent-overlays.ts";
import type { AgentManifest } from "../../domain/agent/manifest.ts";

export const deploymentOrchestratorManifest: AgentManifest = {
  agentId: "deployment-orchestrator",
  promise:
    "Applies the approved bytes and no others, keeps what served until they are healthy, and rolls back to what was known good.",
  skills: ["DeployRelease", "CorrectDrift", "PlanRollout", "ReportRollbackFailure", "RollBack"],
  triggers: [
    "ReleaseApproved",
    "InfraProvisioned",
    "DeployRequested",
    "RolloutPromoted",
    "RollbackRequested",
  ],
  awaits: ["ReleaseApproved"],
  reads: [
    "deployments/RolloutPlan.yaml",
    "env/EnvironmentConfig.yaml",
    "env/InfrastructurePlan.json",
    "env/PlanSignature.sigstore.json",
    "supply-chain/*",
    "releases/ReleaseSummary.json",
    "pipelines/PipelineSnapshot.yaml",
    "pipelines/PipelineSignature.sigstore.json",
  ],
  writes: [
    "deployments/RolloutPlan.yaml",
    "deployments/DeploymentSummary.json",
    "deployments/RollbackMap.yaml",
    "deployments/RollbackSummary.json",
    "pipelines/PipelineSnapshot.yaml",
  ],
  emits: [
    "GateAnswered",
    "DeploymentStarted",
    "RolloutProgressed",
    "DeploymentCompleted",
    "DeploymentFailed",
    "ReleaseDelayed",
    "RollbackRequested",
    "RollbackTriggered",
    "RollbackCompleted",
    "RollbackFailed",
    "ReleaseReplaced",
    "ReleaseRestored",
    "DriftCorrected",
    "EscalationRaised",
  ],
  outcomes: { done: "DeploymentCompleted", failed: "DeploymentFailed" },
  overlay: agentOverlays["deployment-orchestrator"],
  hostBound: true,
};
