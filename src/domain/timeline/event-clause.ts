/** What happened, as a clause without its full stop: the same words on a terminal and in Studio. */
import type { DeliveryEvent } from "../event/event.ts";
import type { EventName } from "../event/event-catalogue.ts";
import { eventName } from "../event/event-name.ts";
import type { Json } from "../json.ts";
import { alternatives, momentText } from "../time-text.ts";

type Clause = (event: DeliveryEvent) => string;

export function clauseOf(event: DeliveryEvent): string {
  const name = eventName(event);
  const clause = Object.hasOwn(clauses, name) ? clauses[name](event) : inWords(name);
  return event.data.late === true ? `${clause}; nobody waited for it any more` : clause;
}

/** `DeploymentCompleted` -> `deployment completed` */
export function inWords(name: string): string {
  return name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, " ").toLowerCase();
}

/** Whoever sends an event writes its moment as they like. */
const whenText = (moment: string): string => (Number.isNaN(Date.parse(moment)) ? moment : momentText(moment));
const by = ({ data }: DeliveryEvent): string => text(data.by, "a person");
const asked =
  (what: string): Clause =>
  (event) =>
    `${by(event)} asked ${what}${inPlace(event)}`;
const release =
  (what: string): Clause =>
  (event) =>
    `${releaseText(event)} ${what}`;
const placed =
  (what: string): Clause =>
  (event) =>
    `${releaseText(event)} ${what}${inPlace(event)}`;

const clauses: Record<EventName, Clause> = {
  TraceInitialized: () => "the trace was begun upstream",
  ModuleReady: ({ data }) => `handed over by ${text(data.sponsor, "a person")}`,
  ModuleGenerated: () => "the module was generated upstream",
  TestsGenerated: () => "tests were generated upstream",
  BlueprintValidated: () => "the blueprint was validated upstream",
  ReleaseIntentDeclared: () => "a release was asked for upstream",
  StudioCommitRequest: asked("for a commit"),
  StudioPRAction: ({ data }) =>
    `${text(data.by, "a person")} acted on the pull request${said(data.action ?? data.verdict)}`,
  RebuildPipelineRequested: asked("to generate the pipeline and build again"),
  ProvisionRequested: asked("to provision"),
  DeployRequested: (event) =>
    `${by(event)} asked to deploy${event.data.version === undefined ? "" : ` ${text(event.data.version)}`}${inPlace(event)}`,
  RollbackRequested: asked("to roll back"),
  HotfixApproved: (event) => `${by(event)} put ${releaseText(event)} on the hotfix path`,
  RetryDelayed: (event) =>
    event.data.until === undefined
      ? `${by(event)} asked for the next attempt${inPlace(event)} at once`
      : `${by(event)} put the next attempt${inPlace(event)} off until ${whenText(text(event.data.until))}`,
  RolloutPromoted: asked("to go on with the rollout"),
  FreezeOverrideRequested: (event) =>
    `${by(event)} asked to let ${releaseText(event)} pass ${listOf(event.data.freezes)}`,
  FreezeOverridden: (event) =>
    `${by(event)} and ${text(event.data.confirmedBy)} let ${releaseText(event)} pass ${listOf(event.data.freezes)}`,
  CveOverridden: (event) => `${by(event)} let ${releaseText(event)} pass with ${listOf(event.data.cves)}`,
  CommitReady: ({ data }) =>
    data.changed === false
      ? `nothing changed: ${short(data.commit)} stands`
      : `committed ${short(data.commit)} on ${text(data.branch)}`,
  PullRequestCreated: ({ data }) => `opened pull request #${text(data.number)}: ${text(data.title)}`,
  PullRequestMerged: ({ data }) => `merged pull request #${text(data.number)} as ${short(data.commit)}`,
  InfraProvisioned: ({ data }) => `provisioned ${listOf(data.environments)}`,
  InfraFailed: (event) => `provisioning failed${inPlace(event)}`,
  PipelineReady: ({ data }) => `the pipeline is ready in ${listOf(data.dialects)}`,
  PipelineInvalid: () => "the pipeline does not hold",
  ArtifactBuilt: ({ data }) => `built ${digestText(data.artifact)} from ${short(data.commit)}`,
  TestsPassed: ({ data }) =>
    data.applicable === false ? "there are no tests to run" : `tests passed${counts(data)}`,
  TestsFailed: ({ data }) => `tests failed${counts(data)}`,
  SmokeTestsReady: () => "smoke tests are ready",
  ScanCompleted: ({ data }) => `scanned ${short(data.commit)}`,
  SignatureAdded: ({ data }) => `${text(data.producer)} signed what was built`,
  ReleaseProposed: (event) =>
    `${releaseText(event)} is proposed${event.environment === undefined ? "" : ` for ${event.environment}`}`,
  GateAnswered: (event) =>
    `the gate ${text(event.data.gate)} ${text(event.data.status)} ${releaseText(event)}`,
  ApprovalRequested: (event) =>
    `${text(event.data.releaseId)} waits for approval by ${text(event.data.open, listOf(event.data.roles))}`,
  ApprovalGranted: (event) => `approved by ${voter(event)}`,
  ApprovalRefused: (event) =>
    event.data.decision === "changes-requested"
      ? `changes requested by ${voter(event)}`
      : `refused by ${voter(event)}`,
  ReleaseCommented: (event) => `comment by ${by(event)}`,
  ApprovalVoided: (event) => `the word of ${by(event)} on ${text(event.data.releaseId)} does not count`,
  ReleaseApproved: placed("is approved"),
  ReleaseDelayed: placed("is held"),
  ReleaseRejected: placed("is rejected"),
  ReleaseRevoked: placed("is revoked"),
  ReleaseReplaced: (event) =>
    `${text(event.data.byRelease)} of ${text(event.data.byTrace)} took the place of ${text(event.data.releaseId)}${inPlace(event)}`,
  ReleaseRestored: (event) =>
    `${text(event.data.releaseId)} serves again${inPlace(event)}: ${text(event.data.byRelease)} was taken back`,
  DeploymentStarted: placed("is being deployed"),
  RolloutProgressed: (event) =>
    `step ${text(event.data.index)} of ${text(event.data.of)} of the rollout: ${text(event.data.summary, text(event.data.step)).replace(/^\d+\/\d+ /, "")}`,
  DependencyDeployed: (event) => `${text(event.data.moduleId)} serves${inPlace(event)}`,
  DependencyFailed: (event) => `${text(event.data.moduleId)} failed${inPlace(event)}`,
  EnvironmentDestroyed: (event) =>
    `${by(event)} destroyed ${event.environment ?? text(event.data.namespace)}`,
  DriftDetected: (event) => `what runs differs from what was approved${inPlace(event)}`,
  DriftCorrected: (event) => `what runs is what was approved again${inPlace(event)}`,
  DeploymentCompleted: (event) =>
    `live${inPlace(event)}${event.data.url === undefined ? "" : ` at ${text(event.data.url)}`}`,
  DeploymentFailed: placed("could not be deployed"),
  RollbackTriggered: placed("is being rolled back"),
  RollbackCompleted: ({ data }) => `rolled back to ${text(data.restored, "nothing")}`,
  RollbackFailed: placed("could not be rolled back"),
  RevertBegun: ({ data }) => `${text(data.byTrace)} takes the change back in the repository`,
  EscalationRaised: ({ data }) => text(data.what, "a person must act"),
  RegressionDetected: placed("got worse"),
  VulnerabilityFound: release("has a vulnerability that is known by now"),
  PolicyBlocked: (event) => `policy stops it${inPlace(event)}`,
  ReleasePublished: () => "published: live and healthy in its last environment",
  FlowStarted: ({ data, environment }) =>
    `the flow ${text(data.flow)} began${environment === undefined ? "" : ` for ${environment}`}`,
  AgentInvoked: ({ data }) => `${text(data.agentId)} begins ${text(data.skillId)}`,
  AgentCompleted: (event) => agentEnded(event, event.data.outcome === "Delayed" ? "waits" : "has ended"),
  AgentFailed: (event) =>
    agentEnded(event, event.data.retryAt === undefined ? "failed" : "failed and is tried again"),
  TimerFired: (event) => `the time came that was waited for${inPlace(event)}`,
  ArtifactWritten: ({ data }) => `wrote ${text(data.name)}, version ${text(data.version)}`,
  FlowMoved: (event) => `${by(event)} moved ${text(event.data.instance)} to ${text(event.data.to)}`,
  SponsorChanged: ({ data }) => `${text(data.to)} took over from ${text(data.from)}`,
  DeliveryCancelled: (event) => `cancelled by ${by(event)}`,
  DeliverySuperseded: ({ data }) => `superseded by ${text(data.byTrace)}`,
};

function agentEnded({ agentid, skillid, data }: DeliveryEvent, end: string): string {
  const who = skillid === undefined ? text(agentid, "an agent") : `${skillid}`;
  const told = data.summary ?? data.message;
  const [line = ""] = text(told, "").split("\n");
  return line === "" ? `${who} ${end}` : `${who} ${end}: ${line.replace(/\.$/, "")}`;
}

function voter({ data }: DeliveryEvent): string {
  const whose = data.onBehalfOf === undefined ? "" : ` for ${text(data.onBehalfOf)}`;
  return `${text(data.by, "a person")}${whose}`;
}

function releaseText({ data, releaseid }: DeliveryEvent): string {
  const id = text(data.releaseId, releaseid ?? "the release");
  return typeof data.version === "string" ? `${id} (${data.version})` : id;
}

function inPlace({ environment }: DeliveryEvent): string {
  return environment === undefined ? "" : ` in ${environment}`;
}

function counts(data: Record<string, Json | undefined>): string {
  const { passed, failed, total } = data;
  if (typeof passed === "number" && typeof failed === "number" && failed > 0)
    return `: ${failed} of ${passed + failed}`;
  const count = typeof total === "number" ? total : passed;
  return typeof count === "number" ? `: ${count}` : "";
}

function said(value: unknown): string {
  return typeof value === "string" ? `: ${value}` : "";
}

function listOf(value: unknown): string {
  return Array.isArray(value) && value.length > 0
    ? alternatives(value.map(String)).replace(" or ", " and ")
    : "nothing";
}

function short(value: unknown): string {
  return text(value, "").slice(0, 12);
}

function digestText(value: unknown): string {
  return text(value, "an artifact").replace(/^sha256:(.{12}).*$/, "sha256:$1");
}

function text(value: unknown, otherwise = ""): string {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : otherwise;
}
