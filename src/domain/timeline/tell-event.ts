/** One event of a delivery as a person reads it: what, who, why, and what proves it. */
import type { Tone } from "../delivery/state-words.ts";
import { type DeliveryEvent, eventName } from "../event/event.ts";
import type { EventName } from "../event/event-catalogue.ts";
import { clauseOf } from "./event-clause.ts";
import { phaseOf, type TimelinePhase } from "./event-phase.ts";
import { differencesOf, reasonsOf } from "./fact-text.ts";

export interface TimelineEntry {
  /** Place in the delivery's chain. */
  sequence: number;
  /** ISO 8601. */
  at: string;
  name: EventName;
  phase: TimelinePhase;
  tone: Tone;
  who: TimelineActor;
  /** One sentence. */
  what: string;
  /** Reasons, a comment or a message: in the words of those who caused it. */
  why?: string;
  environment?: string;
  releaseId?: string;
  /** Digests of what it is about, by name: `commit`, `artifact`, `reportDigest`. */
  evidence: { name: string; value: string }[];
  url?: string;
  /** The version of an artifact that was written. */
  artifact?: { path: string; version: number; sha256: string };
  /** `compliance mode`, `signed by the server`, `self-approved`. */
  complianceMarks: string[];
  /** How long it took, in milliseconds. */
  durationMs?: number;
  /** Of the work of agents, which a first look leaves out. */
  detail: boolean;
}

export interface TimelineActor {
  kind: "person" | "service" | "agent" | "engine" | "system";
  /** Person, agent, or the source as it stands on the event. */
  name: string;
}

export function tellEvent(event: DeliveryEvent): TimelineEntry {
  const { data, environment, releaseid } = event;
  const why = whyOf(event);
  const artifact = artifactOf(event);
  return {
    sequence: event.sequence,
    at: event.time,
    name: eventName(event),
    phase: phaseOf(event),
    tone: toneOf(event),
    who: actorOf(event),
    what: sentenceOf(event),
    ...(why !== "" && { why }),
    ...(environment !== undefined && { environment }),
    ...(releaseOf(event, releaseid) ?? {}),
    evidence: evidenceOf(event),
    ...(typeof data.url === "string" && { url: data.url }),
    ...(artifact !== undefined && { artifact }),
    complianceMarks: marksOf(event),
    ...(typeof data.durationMs === "number" && { durationMs: data.durationMs }),
    detail: details.has(eventName(event)),
  };
}

/** A name at its begin keeps its letters: of a person, a module, or a producer of evidence. */
function sentenceOf(event: DeliveryEvent): string {
  const clause = clauseOf(event);
  const { by, to, producer, moduleId } = event.data;
  const [first] = clause.split(" ");
  const told = sentence(clause);
  return [by, to, producer, moduleId].includes(first) ? clause.charAt(0) + told.slice(1) : told;
}

/** `live at ...` -> `Live at ....`; a name such as `release-000001` keeps its letters. */
export function sentence(clause: string): string {
  const [first = ""] = clause.split(" ");
  const begun = /^[a-z]+$/.test(first) ? clause.charAt(0).toUpperCase() + clause.slice(1) : clause;
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

const details: ReadonlySet<EventName> = new Set<EventName>([
  "AgentInvoked",
  "ArtifactWritten",
  "FlowStarted",
]);

const tones: Partial<Record<EventName, Tone>> = {
  ApprovalRequested: "attention",
  EscalationRaised: "attention",
  ApprovalGranted: "success",
  ReleaseApproved: "success",
  DeploymentCompleted: "success",
  ReleasePublished: "success",
  ReleaseRestored: "success",
  TestsPassed: "success",
  DriftCorrected: "success",
  FreezeOverrideRequested: "warning",
  FreezeOverridden: "warning",
  CveOverridden: "warning",
  HotfixApproved: "warning",
  ReleaseDelayed: "warning",
  RollbackRequested: "warning",
  RollbackTriggered: "warning",
  RollbackCompleted: "warning",
  DriftDetected: "warning",
  ApprovalVoided: "warning",
  FlowMoved: "warning",
  DeliveryCancelled: "warning",
  DeliverySuperseded: "warning",
  EnvironmentDestroyed: "warning",
  ApprovalRefused: "danger",
  ReleaseRejected: "danger",
  ReleaseRevoked: "danger",
  DeploymentFailed: "danger",
  RollbackFailed: "danger",
  TestsFailed: "danger",
  InfraFailed: "danger",
  PipelineInvalid: "danger",
  PolicyBlocked: "danger",
  RegressionDetected: "danger",
  VulnerabilityFound: "danger",
  DependencyFailed: "danger",
  AgentInvoked: "progress",
  DeploymentStarted: "progress",
  RolloutProgressed: "progress",
};

function toneOf({ type, data }: DeliveryEvent): Tone {
  const name = eventName({ type });
  if (data.late === true) return "neutral";
  if (name === "AgentFailed") return data.retryAt === undefined ? "danger" : "warning";
  if (name === "RolloutProgressed" && data.step === "failed") return "danger";
  return tones[name] ?? "neutral";
}

export function actorOf({ data, agentid, source }: DeliveryEvent): TimelineActor {
  const said = data.by ?? data.handedOverBy ?? data.sponsor;
  if (typeof said === "string" && agentid === undefined)
    return { kind: said.startsWith("service:") ? "service" : "person", name: said };
  if (agentid !== undefined) return { kind: "agent", name: agentid };
  if (source === "/engine") return { kind: "engine", name: "engine" };
  return { kind: "system", name: source };
}

/** Whose message says why. */
const explained: ReadonlySet<EventName> = new Set<EventName>(["AgentFailed", "ApprovalVoided"]);

function whyOf(event: DeliveryEvent): string {
  const { data } = event;
  const name = eventName(event);
  const message = explained.has(name) ? data.message : undefined;
  const told = [data.reason, data.comment, message];
  const texts = told.filter((one): one is string => typeof one === "string" && one !== "");
  if (name === "AgentFailed" && typeof data.code === "string") texts.unshift(data.code);
  return [...texts, ...reasonsOf(event), ...differencesOf(event)].join("\n");
}

function releaseOf(
  { data }: DeliveryEvent,
  releaseid: string | undefined,
): { releaseId: string } | undefined {
  const releaseId = releaseid ?? (typeof data.releaseId === "string" ? data.releaseId : undefined);
  return releaseId === undefined ? undefined : { releaseId };
}

const digestNames = ["commit", "tree", "artifact", "image", "reportDigest", "flowDigest"] as const;

function evidenceOf({ data }: DeliveryEvent): TimelineEntry["evidence"] {
  const bound = typeof data.digests === "object" && data.digests !== null ? Object.entries(data.digests) : [];
  const own = digestNames.map((name) => [name, data[name]] as const);
  return [...own, ...bound].flatMap(([name, value]) =>
    typeof value === "string" && value !== "" ? [{ name, value }] : [],
  );
}

function artifactOf(event: DeliveryEvent): TimelineEntry["artifact"] {
  const { path, version, sha256 } = event.data;
  if (eventName(event) !== "ArtifactWritten") return undefined;
  return { path: String(path), version: Number(version), sha256: String(sha256) };
}

function marksOf({ data }: DeliveryEvent): string[] {
  const signature = data.signature as { by?: unknown } | undefined;
  return [
    ...(data.compliance === undefined ? [] : ["compliance mode"]),
    ...(data.complianceMode === true ? ["compliance mode"] : []),
    ...(signature?.by === "server" ? ["signed by the server"] : []),
    ...(signature?.by === "own-key" ? ["signed with an own key"] : []),
    ...(typeof data.note === "string" && data.note.startsWith("self-approved") ? [data.note] : []),
    ...(data.confirmedBy === undefined ? [] : ["confirmed by a second person"]),
    ...(data.late === true ? ["late, ignored"] : []),
  ];
}
