import { agentOverlays } from "../../domain/agent/agent-overlays.ts";
import type { AgentManifest } from "../../domain/agent/manifest.ts";

export const pullRequestCreatorManifest = {
  agentId: "pull-request-creator",
  promise: "One pull request a trace, which lands only with exactly the content that was built and tested.",
  skills: ["OpenPullRequest", "MergePullRequest"],
  triggers: ["CommitReady", "StudioPRAction"],
  awaits: ["CommitReady"],
  reads: [
    "pulls/PullRequestMetadata.json",
    "commits/CommitMetadata.json",
    "pipelines/TestReport.json",
    "supply-chain/SBOM.json",
  ],
  writes: ["pulls/PullRequestMetadata.json"],
  emits: ["PullRequestCreated", "PullRequestMerged", "PipelineInvalid"],
  outcomes: { done: "PullRequestCreated" },
  overlay: agentOverlays["pull-request-creator"],
  hostBound: true,
} as const satisfies AgentManifest;
