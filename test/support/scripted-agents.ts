/** Agents whose skills a test scripts: everything else about them is as declared in their manifests. */

import type { AgentManifest } from "../../src/domain/agent/manifest.ts";
import type { EventName } from "../../src/domain/event/event-catalogue.ts";
import type { JsonObject } from "../../src/domain/json.ts";
import type { Agent, AgentContext, AgentOutcome, Skill } from "../../src/ports/agent.ts";
import { digest, digests } from "./digests.ts";

export type Script = Record<string, Skill>;

export function success(...emits: [EventName, JsonObject][]): AgentOutcome {
  return { status: "Success", summary: "done", emits: emits.map(([name, data]) => ({ name, data })) };
}

/** Six agents that succeed at everything; `overrides` replaces skills by name. */
export function scriptedAgents(overrides: Script = {}): Agent[] {
  return manifests.map((manifest) => ({
    manifest,
    skills: Object.fromEntries(
      manifest.skills.map((skill) => [skill, overrides[skill] ?? defaults[skill] ?? (async () => success())]),
    ),
  }));
}

export const release = (context: AgentContext) => ({
  releaseId:
    context.invocation.releaseId ??
    `release-00000${context.handOver.environments.indexOf(context.invocation.environment ?? "") + 1}`,
  version: "1.0.0",
});

const defaults: Script = {
  CommitModule: async (context) => {
    context.memory.write("commits", "CommitMetadata.json", JSON.stringify({ commit: "c1" }), "module");
    return success(["CommitReady", { commit: "c1", tree: "t1", branch: "trace/x", changed: true }]);
  },
  OpenPullRequest: async () =>
    success(["PullRequestCreated", { number: 1, url: "http://forge/1", title: "feat: x" }]),
  ProvisionAhead: async () => success(["InfraProvisioned", { environments: [] }]),
  GeneratePipeline: async (context) => {
    context.memory.write("pipelines", "PipelineSnapshot.yaml", "stages: []\n", "module");
    return success(["PipelineReady", { commit: "c1", tree: "t1", dialects: [] }]);
  },
  BuildArtifact: async () => success(["ArtifactBuilt", { commit: "c1", tree: "t1", artifact: digest }]),
  RunTests: async () =>
    success([
      "TestsPassed",
      { commit: "c1", tree: "t1", reportDigest: digest, producer: "test", applicable: true },
    ]),
  RunScan: async () =>
    success(["ScanCompleted", { commit: "c1", tree: "t1", reportDigest: digest, producer: "test" }]),
  MergePullRequest: async () => success(["PullRequestMerged", { number: 1, commit: "m1", tree: "t1" }]),
  ProposeRelease: async (context) => success(["ReleaseProposed", release(context)]),
  ApplyInfrastructure: async (context) =>
    success(["InfraProvisioned", { environments: [context.invocation.environment ?? ""] }]),
  /** Production needs one approval; every other environment none. */
  EvaluateRelease: async (context) => {
    const votes = await context.events("ApprovalGranted");
    const { releaseId } = release(context);
    if (
      context.invocation.environment === "production" &&
      !votes.some((vote) => vote.data.releaseId === releaseId)
    )
      return {
        status: "Delayed",
        summary: "waits for a ProductOwner",
        wakeOn: ["ApprovalGranted"],
        emits: [
          {
            name: "ApprovalRequested",
            data: { ...release(context), roles: ["ProductOwner"], minApprovers: 1, digests },
          },
        ],
      };
    return success(["ReleaseApproved", { ...release(context), reasons: [], digests }]);
  },
  DeployRelease: async (context) =>
    success(["DeploymentCompleted", { ...release(context), url: "http://service" }]),
  ReportRollbackFailure: async (context) => success(["RollbackFailed", { ...release(context), reasons: [] }]),
  RollBack: async (context) => success(["RollbackCompleted", { ...release(context), restored: null }]),
};

export function vote(releaseId: string, by = "alice"): JsonObject {
  return { releaseId, by, method: "cli", comment: "looks right", digests };
}

const manifests: AgentManifest[] = [
  declare("code-committer", ["CommitModule"], ["CommitReady"], { done: "CommitReady" }),
  declare(
    "pull-request-creator",
    ["OpenPullRequest", "MergePullRequest"],
    ["PullRequestCreated", "PullRequestMerged", "PipelineInvalid"],
    { done: "PullRequestCreated" },
  ),
  declare(
    "devops-engineer",
    ["GeneratePipeline", "BuildArtifact", "RunTests", "RunScan"],
    ["PipelineReady", "PipelineInvalid", "ArtifactBuilt", "TestsPassed", "TestsFailed", "ScanCompleted"],
    { done: "PipelineReady", failed: "PipelineInvalid" },
  ),
  declare(
    "cloud-provisioner",
    ["ProvisionAhead", "PlanInfrastructure", "ApplyInfrastructure"],
    ["InfraProvisioned", "InfraFailed"],
    { done: "InfraProvisioned", failed: "InfraFailed" },
  ),
  declare(
    "release-manager",
    ["EvaluateRelease", "ProposeRelease"],
    ["ReleaseProposed", "ApprovalRequested", "ReleaseApproved", "ReleaseDelayed", "ReleaseRejected"],
    { done: "ReleaseApproved", failed: "ReleaseRejected" },
  ),
  declare(
    "deployment-orchestrator",
    ["DeployRelease", "CorrectDrift", "PlanRollout", "ReportRollbackFailure", "RollBack"],
    [
      "DeploymentStarted",
      "DeploymentCompleted",
      "DeploymentFailed",
      "RollbackTriggered",
      "RollbackCompleted",
      "RollbackFailed",
    ],
    { done: "DeploymentCompleted", failed: "DeploymentFailed" },
  ),
];

function declare(
  agentId: AgentManifest["agentId"],
  skills: AgentManifest["skills"],
  emits: EventName[],
  outcomes: AgentManifest["outcomes"],
): AgentManifest {
  const everything = [
    "commits/*",
    "pulls/*",
    "pipelines/*",
    "env/*",
    "approvals/*",
    "releases/*",
    "deployments/*",
    "supply-chain/*",
  ] as const;
  return {
    agentId,
    promise: "does what a test scripts",
    skills,
    triggers: [],
    awaits: [],
    reads: everything,
    writes: everything,
    emits,
    outcomes,
    hostBound: false,
  };
}

export { manifests as scriptedManifests };
