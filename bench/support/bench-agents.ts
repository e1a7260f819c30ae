/** Six agents that do nothing but write one small artifact and say that they are done. */

import type { AgentManifest, ArtifactPattern } from "../../src/domain/agent/manifest.ts";
import type { EventName } from "../../src/domain/event/event-catalogue.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import type { ArtifactKind } from "../../src/domain/memory/artifact-path.ts";
import type { Agent, AgentContext } from "../../src/ports/agent.ts";
import { digest, digests } from "../../test/support/digests.ts";

const release = { releaseId: "release-000001", version: "1.0.0" };

interface BenchStep {
  agentId: AgentManifest["agentId"];
  skill: string;
  artifact: [ArtifactKind, string];
  emits: [EventName, JsonObject];
}

const steps: BenchStep[] = [
  {
    agentId: "code-committer",
    skill: "CommitModule",
    artifact: ["commits", "CommitMetadata.json"],
    emits: ["CommitReady", { commit: "c1", tree: "t1", branch: "trace/x", changed: true }],
  },
  {
    agentId: "pull-request-creator",
    skill: "OpenPullRequest",
    artifact: ["pulls", "PullRequestMetadata.json"],
    emits: ["PullRequestCreated", { number: 1, url: "http://forge/1", title: "feat: x" }],
  },
  {
    agentId: "devops-engineer",
    skill: "GeneratePipeline",
    artifact: ["pipelines", "PipelineSnapshot.yaml"],
    emits: ["PipelineReady", { commit: "c1", tree: "t1", dialects: [] }],
  },
  {
    agentId: "cloud-provisioner",
    skill: "ProvisionAhead",
    artifact: ["env", "EnvironmentConfig.yaml"],
    emits: ["InfraProvisioned", { environments: ["staging"] }],
  },
  {
    agentId: "release-manager",
    skill: "EvaluateRelease",
    artifact: ["releases", "ReleaseSummary.json"],
    emits: ["ReleaseApproved", { ...release, reasons: [], digests }],
  },
  {
    agentId: "deployment-orchestrator",
    skill: "DeployRelease",
    artifact: ["deployments", "DeploymentSummary.json"],
    emits: ["DeploymentCompleted", { ...release, url: "http://service" }],
  },
];

export const stepCount = steps.length;

/** The same few bytes for every contender. */
export function smallArtifact(step: string): { step: string; status: string; digest: string } {
  return { step, status: "Success", digest };
}

export const benchManifests: AgentManifest[] = steps.map(({ agentId, skill, emits: [name] }) => {
  const everything: ArtifactPattern[] = [
    "commits/*",
    "pulls/*",
    "pipelines/*",
    "env/*",
    "releases/*",
    "deployments/*",
  ];
  return {
    agentId,
    promise: "does nothing, durably",
    skills: [skill],
    triggers: [],
    awaits: [],
    reads: everything,
    writes: everything,
    emits: [name],
    outcomes: { done: name },
    hostBound: false,
  };
});

/** `act` is what a benchmark has a step do beside writing its artifact; without it a step only writes. */
export function benchAgents(act?: (context: AgentContext) => Promise<void> | void): Agent[] {
  return steps.map(({ skill, artifact: [kind, file], emits: [name, data] }, index) => ({
    manifest: benchManifests[index] as AgentManifest,
    skills: {
      [skill]: async (context) => {
        if (act !== undefined) await act(context);
        context.memory.write(kind, file, JSON.stringify(smallArtifact(skill)), "module");
        return { status: "Success", summary: "done", emits: [{ name, data }] };
      },
    },
  }));
}

export function approval(): JsonObject {
  return { releaseId: release.releaseId, by: "alice", method: "cli", comment: "looks right", digests };
}
