/** The six agents as a flow sees them, for tests of the language that do not depend on what the agents do. */
import type { AgentId, AgentManifest } from "../../src/domain/agent/manifest.ts";

export const manifests: AgentManifest[] = [
  agent("code-committer", ["CommitModule"], {
    triggers: ["TraceInitialized", "ModuleReady", "ModuleGenerated", "StudioCommitRequest"],
    outcomes: { done: "CommitReady" },
  }),
  agent("pull-request-creator", ["OpenPullRequest", "MergePullRequest"], {
    triggers: ["CommitReady", "StudioPRAction"],
    outcomes: { done: "PullRequestCreated" },
  }),
  agent("devops-engineer", ["GeneratePipeline", "BuildArtifact", "RunTests", "RunScan"], {
    triggers: ["PullRequestCreated", "InfraProvisioned", "RebuildPipelineRequested"],
    outcomes: { done: "PipelineReady", failed: "PipelineInvalid" },
  }),
  agent("cloud-provisioner", ["ProvisionAhead", "PlanInfrastructure", "ApplyInfrastructure"], {
    triggers: ["ReleaseIntentDeclared", "ProvisionRequested"],
    outcomes: { done: "InfraProvisioned", failed: "InfraFailed" },
  }),
  agent("release-manager", ["EvaluateRelease", "ProposeRelease"], {
    triggers: ["PipelineReady", "TestsPassed", "ReleaseIntentDeclared"],
    outcomes: { done: "ReleaseApproved", failed: "ReleaseRejected" },
  }),
  agent(
    "deployment-orchestrator",
    ["DeployRelease", "CorrectDrift", "PlanRollout", "ReportRollbackFailure", "RollBack"],
    {
      triggers: ["ReleaseApproved", "InfraProvisioned", "DeployRequested"],
      outcomes: { done: "DeploymentCompleted", failed: "DeploymentFailed" },
    },
  ),
];

function agent(
  agentId: AgentId,
  skills: AgentManifest["skills"],
  rest: Pick<AgentManifest, "triggers" | "outcomes">,
): AgentManifest {
  return {
    agentId,
    promise: "",
    skills,
    awaits: [],
    reads: [],
    writes: [],
    emits: [],
    hostBound: false,
    ...rest,
  };
}
