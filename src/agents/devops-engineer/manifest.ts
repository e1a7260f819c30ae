import { agentOverlays } from "../../domain/agent/agent-overlays.ts";
import type { AgentManifest } from "../../domain/agent/manifest.ts";

export const devopsEngineerManifest: AgentManifest = {
  agentId: "devops-engineer",
  promise: "Writes the module's pipeline in every dialect, builds it once, tests and scans what was built.",
  skills: ["GeneratePipeline", "BuildArtifact", "RunTests", "RunScan"],
  triggers: ["PullRequestCreated", "InfraProvisioned", "RebuildPipelineRequested"],
  awaits: ["PullRequestCreated", "InfraProvisioned"],
  reads: ["pipelines/*", "supply-chain/*", "commits/CommitMetadata.json", "env/EnvironmentConfig.yaml"],
  writes: ["pipelines/*", "supply-chain/*"],
  emits: ["PipelineReady", "PipelineInvalid", "ArtifactBuilt", "TestsPassed", "TestsFailed", "ScanCompleted"],
  outcomes: { done: "PipelineReady", failed: "PipelineInvalid" },
  overlay: agentOverlays["devops-engineer"],
  hostBound: true,
};
