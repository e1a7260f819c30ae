/** An event of each name that a type of CDEvents may fit, as its agent states it. */
import { type DeliveryEvent, genesis, sealEvent } from "../../src/domain/event/event.ts";
import type { EventName } from "../../src/domain/event/event-catalogue.ts";
import type { JsonObject } from "../../src/domain/json.ts";

const commit = "c".repeat(40);
const digest = `sha256:${"d".repeat(64)}`;
const evidence = { commit, tree: "t".repeat(40), reportDigest: digest, producer: "vitest" };
const release = { releaseId: "release-000007", version: "1.4.0" };
const vote = { ...release, by: "max", role: "ReleaseManager", comment: "looks right" };

const data: Partial<Record<EventName, JsonObject>> = {
  ModuleReady: { sponsor: "jane" },
  FlowStarted: { instance: "production", flow: "environment", flowDigest: digest },
  ReleasePublished: { version: "1.4.0" },
  DeliveryCancelled: { by: "jane" },
  DeliverySuperseded: { byTrace: "trace-2" },
  AgentInvoked: {
    invocationId: "inv-1",
    instance: "production",
    agentId: "release-manager",
    skillId: "EvaluateRelease",
  },
  AgentCompleted: { invocationId: "inv-1", attempt: 1, outcome: "Success" },
  AgentFailed: { invocationId: "inv-1", attempt: 1 },
  PullRequestCreated: { number: 3, url: "http://forge/3", title: "feat: bookings" },
  PullRequestMerged: { number: 3, commit, tree: "t".repeat(40) },
  ArtifactBuilt: { commit, tree: "t".repeat(40), artifact: digest },
  SignatureAdded: { ...evidence, file: "signatures/cosign.json" },
  TestsPassed: { ...evidence, applicable: true },
  TestsFailed: evidence,
  InfraProvisioned: { environments: ["production"], planDigest: digest },
  DeploymentCompleted: { ...release, environment: "production", url: "http://x", replaced: null },
  RollbackCompleted: { ...release, environment: "production", restored: "1.3.0" },
  EnvironmentDestroyed: { by: "ada", namespace: "a-production", releaseId: "release-000007" },
  RegressionDetected: { releaseId: "release-000007", producer: "slo" },
  DriftDetected: { releaseId: "release-000007", correct: true, differences: [] },
  DriftCorrected: { releaseId: "release-000007", differences: [] },
  ApprovalRequested: { ...release, roles: ["ReleaseManager"], minApprovers: 1 },
  ApprovalGranted: vote,
  ApprovalRefused: vote,
  ReleaseApproved: { ...release, reasons: [] },
  ReleaseRejected: { ...release, reasons: [] },
};

/** `more`: in place of what its agent states. Events of the whole delivery have no environment. */
export function fittingEvent(name: EventName, more: JsonObject = {}): DeliveryEvent {
  const stated = data[name];
  if (stated === undefined) throw new Error(`say what ${name} states, in test/support/fitting-events.ts`);
  const subject = { tenantId: "acme", traceId: "trace-2026-01-01-0001", moduleId: "booking" };
  const inEnvironment = /^(Deployment|Rollback|Environment|Regression|Drift|Approval|Release[AR])/.test(name);
  const draft = {
    ...{ name, source: "/agents/deployment-orchestrator", data: { ...stated, ...more } },
    ...(inEnvironment && { environment: "production" }),
  };
  return sealEvent(subject, draft, { after: genesis, time: "2026-01-01T10:00:00.000Z" });
}
