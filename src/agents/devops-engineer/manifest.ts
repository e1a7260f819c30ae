import type { AgentManifest } from "../../domain/agent/manifest.ts";

export const devopsEngineerManifest: AgentManifest = {
  agentId: "devops-engineer",
  promise: "Writes the module's pipeline in every dialect, builds it once and tests what was built.",
  skills: ["GeneratePipeline", "BuildArtifact", "RunTests"],
  triggers: ["PullRequestCreated", "InfraProvisioned", "RebuildPipelineRequested"],
  awaits: ["PullRequestCreated", "InfraProvisioned"],
  reads: ["pipelines/*", "commits/CommitMetadata.json", "env/EnvironmentConfig.yaml"],
  writes: ["pipelines/*"],
  emits: ["PipelineReady", "PipelineInvalid", "ArtifactBuilt", "TestsPassed", "TestsFailed"],
  outcomes: { done: "PipelineReady", failed: "PipelineInvalid" },
  hostBound: true,
};
