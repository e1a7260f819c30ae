/**
 * Every event that can stand on a chain, with the schema of its data (2-contracts §2). Events are past
 * facts; some of them are ours beyond the published table (docs/adr/0003).
 */
import { z } from "zod";
import { handOverSchema } from "../delivery/hand-over.ts";
import { slug } from "../scope.ts";

const text = z.string();
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const reasons = z.array(z.object({ code: text, message: text, next: text.optional() }));
const byPerson = { by: text, reason: text.optional() };
const evidence = { commit: text, tree: text, reportDigest: digest, producer: text };
/** What an approval binds (2-contracts §10.5). */
export const digestsSchema = z
  .object({
    commit: text,
    tree: text,
    artifact: digest,
    /** Of the image's manifest, where the artifact is one. */
    image: digest.optional(),
    rolloutPlan: digest,
    infrastructurePlan: digest,
    configuration: digest,
    secretVersions: digest,
    policy: digest,
  })
  .strict();
export type Digests = z.infer<typeof digestsSchema>;

const open = z.looseObject({});
const vote = z.looseObject({
  releaseId: text,
  by: text,
  role: text.optional(),
  method: text,
  comment: text,
  digests: digestsSchema,
  /** When it was given, as it is signed, ISO 8601. */
  at: text.optional(),
  /** The roles that it may count in. */
  roles: z.array(text).optional(),
  onBehalfOf: text.optional(),
  decision: z.enum(["approved", "refused", "changes-requested"]).optional(),
  signature: z.strictObject({ by: z.enum(["server", "own-key"]), keyId: text, value: text }).optional(),
});
const release = { releaseId: text, version: text };
const freezeOverride = {
  releaseId: text,
  by: text,
  reason: text,
  freezes: z.array(slug),
  digests: digestsSchema,
  expiresAt: text,
};
const request = z.looseObject({ ...byPerson });

export const eventCatalogue = {
  // upstream
  TraceInitialized: open,
  ModuleReady: handOverSchema,
  ModuleGenerated: open,
  TestsGenerated: open,
  BlueprintValidated: open,
  ReleaseIntentDeclared: open,
  // people
  StudioCommitRequest: request,
  StudioPRAction: request,
  RebuildPipelineRequested: request,
  ProvisionRequested: request,
  DeployRequested: z.looseObject({ ...byPerson, version: text.optional() }),
  RollbackRequested: z.looseObject({ ...byPerson, code: text.optional(), comment: text.optional() }),
  HotfixApproved: request,
  RetryDelayed: z.looseObject({ ...byPerson, until: text.optional() }),
  RolloutPromoted: request,
  /** A person wants one release to pass the freezes that are named; a second one has to confirm. */
  FreezeOverrideRequested: z.looseObject(freezeOverride),
  FreezeOverridden: z.looseObject({ ...freezeOverride, confirmedBy: text }),
  /** A SecurityReviewer lets named advisories pass, for one release or for every release of this version. */
  CveOverridden: z.looseObject({
    ...byPerson,
    releaseId: text,
    version: text,
    wholeVersion: z.boolean(),
    cves: z.array(text).min(1),
    role: text,
    expiresAt: text,
  }),
  // agents
  CommitReady: z.looseObject({ commit: text, tree: text, branch: text, changed: z.boolean() }),
  PullRequestCreated: z.looseObject({ number: z.int(), url: text, title: text }),
  PullRequestMerged: z.looseObject({ number: z.int(), commit: text, tree: text }),
  /** `created`: those of them that were not there before. */
  InfraProvisioned: z.looseObject({ environments: z.array(slug), created: z.array(slug).optional() }),
  InfraFailed: z.looseObject({ reasons }),
  PipelineReady: z.looseObject({ commit: text, tree: text, dialects: z.array(text) }),
  PipelineInvalid: z.looseObject({ reasons }),
  ArtifactBuilt: z.looseObject({ commit: text, tree: text, artifact: digest }),
  TestsPassed: z.looseObject({ ...evidence, applicable: z.boolean() }),
  TestsFailed: z.looseObject({ ...evidence }),
  SmokeTestsReady: open,
  ScanCompleted: z.looseObject({ ...evidence }),
  /** Somebody outside signed what was built; `file`: the signature, in memory. */
  SignatureAdded: z.looseObject({ ...evidence, file: text }),
  ReleaseProposed: z.looseObject(release),
  /** What a gate of the tenant's own decided, for exactly these digests. */
  GateAnswered: z.looseObject({
    releaseId: text,
    gate: slug,
    status: z.enum(["passed", "failed"]),
    reason: text,
    digests: digestsSchema,
  }),
  ApprovalRequested: z.looseObject({
    ...release,
    roles: z.array(text),
    minApprovers: z.int(),
    digests: digestsSchema,
    irreversible: z.array(text).optional(),
    /** When it is looked at again, though nobody has answered. */
    until: text.optional(),
  }),
  ApprovalGranted: vote,
  ApprovalRefused: vote,
  /** Recorded, and decides nothing. */
  ReleaseCommented: z.looseObject({ releaseId: text, by: text, comment: text }),
  ApprovalVoided: z.looseObject({ releaseId: text, by: text, code: text, message: text }),
  ReleaseApproved: z.looseObject({ ...release, reasons, digests: digestsSchema }),
  ReleaseDelayed: z.looseObject({ ...release, reasons, until: text.optional() }),
  ReleaseRejected: z.looseObject({ ...release, reasons }),
  ReleaseRevoked: z.looseObject({ releaseId: text, reasons }),
  ReleaseReplaced: z.looseObject({ releaseId: text, byRelease: text, byTrace: text }),
  ReleaseRestored: z.looseObject({ releaseId: text, byRelease: text, byTrace: text }),
  DeploymentStarted: z.looseObject(release),
  RolloutProgressed: z.looseObject({
    ...release,
    step: text,
    index: z.int(),
    of: z.int(),
    attempt: z.int(),
  }),
  /** A module of the same trace serves the environment, or failed there: whoever depends on it looks again. */
  DependencyDeployed: z.looseObject({ moduleId: slug, releaseId: text }),
  DependencyFailed: z.looseObject({ moduleId: slug, releaseId: text, reasons }),
  /** A person destroyed the environment with all that served there. */
  EnvironmentDestroyed: z.looseObject({ ...byPerson, namespace: slug, releaseId: text }),
  /** `correct`: policy or a person wants it corrected, not only told. */
  DriftDetected: z.looseObject({
    releaseId: text,
    correct: z.boolean(),
    differences: z.array(z.looseObject({ kind: text })),
  }),
  DriftCorrected: z.looseObject({ releaseId: text, differences: z.array(z.looseObject({ kind: text })) }),
  DeploymentCompleted: z.looseObject({ ...release, url: text.optional() }),
  DeploymentFailed: z.looseObject({ ...release, recoverable: z.boolean(), reasons }),
  RollbackTriggered: z.looseObject({ releaseId: text, reasons }),
  RollbackCompleted: z.looseObject({ releaseId: text, restored: release.version.nullable() }),
  RollbackFailed: z.looseObject({ releaseId: text, reasons }),
  /** A release was taken back, and git follows: this trace brings the reverse of its change. */
  RevertBegun: z.looseObject({ releaseId: text, byTrace: text }),
  EscalationRaised: z.looseObject({
    ...{ what: text, who: z.array(text), next: text, reasons },
    /** The release goes on waiting for people: nothing failed. */
    waits: z.boolean().optional(),
  }),
  RegressionDetected: open,
  /** Something is known by now against a live release that would keep it from being released. */
  VulnerabilityFound: z.looseObject({
    releaseId: text,
    reasons,
    source: text,
    asOf: text,
    revokes: z.boolean(),
  }),
  PolicyBlocked: z.looseObject({ reasons }),
  // engine
  ReleasePublished: open,
  FlowStarted: z.looseObject({ instance: text, flow: text, flowDigest: digest }),
  AgentInvoked: z.looseObject({
    invocationId: text,
    instance: text,
    agentId: text,
    skillId: text,
    fsmState: text,
  }),
  AgentCompleted: z.looseObject({
    invocationId: text,
    attempt: z.int(),
    outcome: z.enum(["Success", "Delayed"]),
    late: z.boolean().optional(),
  }),
  AgentFailed: z.looseObject({
    invocationId: text,
    attempt: z.int(),
    retryAt: text.optional(),
    late: z.boolean().optional(),
  }),
  TimerFired: z.looseObject({ timerId: text, instance: text }),
  ArtifactWritten: z.looseObject({ path: text, name: text, kind: text, version: z.int(), sha256: digest }),
  FlowMoved: z.looseObject({ instance: text, to: text, by: text, reason: text }),
  SponsorChanged: z.looseObject({ from: text, to: text, by: text, reason: text }),
  DeliveryCancelled: z.looseObject({ ...byPerson }),
  DeliverySuperseded: z.looseObject({ byTrace: text }),
} as const satisfies Record<string, z.ZodType>;

export type EventName = keyof typeof eventCatalogue;

export function isEventName(name: string): name is EventName {
  return Object.hasOwn(eventCatalogue, name);
}
