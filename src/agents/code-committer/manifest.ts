import { agentOverlays } from "../../domain/agent/agent-overlays.ts";
import type { AgentManifest } from "../../domain/agent/manifest.ts";

export const codeCommitterManifest = {
  agentId: "code-committer",
  promise:
    "What was handed over is one commit on the trace's branch, once, over nobody's work, with everything that traces it back.",
  skills: ["CommitModule"],
  triggers: ["ModuleReady", "ModuleGenerated", "TestsGenerated", "StudioCommitRequest"],
  awaits: ["ModuleReady"],
  reads: [],
  writes: ["commits/CommitMetadata.json", "commits/MergeConflict.json"],
  emits: ["CommitReady"],
  outcomes: { done: "CommitReady" },
  overlay: agentOverlays["code-committer"],
  hostBound: true,
} as const satisfies AgentManifest;
