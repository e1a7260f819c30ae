/** What became of each release that a delivery proposed for an environment: who approved it, how long it took, how it ended. */
import { type ShownState, type StateWord, shownState } from "../delivery/state-words.ts";
import { type DeliveryEvent, eventName } from "../event/event.ts";
import type { EventName } from "../event/event-catalogue.ts";
import type { Subject } from "../scope.ts";

export interface ReleaseRecord {
  releaseId: string;
  version: string;
  /** The delivery that proposed it. */
  subject: Subject;
  /** Where it stands, or how it ended. */
  state: ShownState;
  /** ISO 8601. */
  proposedAt: string;
  /** Of its last change of state. */
  at: string;
  /** Absent before its gates were evaluated. */
  commit?: string;
  approvals: ReleaseApproval[];
  /** When its gates let it pass, with approvals or where none are needed. */
  passedAt?: string;
  /** When it last took the traffic. */
  deployedAt?: string;
  /** Of the rollout. */
  durationMs?: number;
  startupTimeMs?: number;
  attempts?: number;
  /** Why it does not serve, or waits: codes and sentences. */
  reasons: { code: string; message: string }[];
  /** It was taken back. */
  rollback?: { at: string; by?: string; code?: string; comment?: string; restored?: string };
}

export interface ReleaseApproval {
  by: string;
  at: string;
  role?: string;
  comment?: string;
  onBehalfOf?: string;
}

const words = {
  ReleaseProposed: "running",
  ApprovalRequested: "needs-approval",
  ReleaseDelayed: "held",
  ReleaseRejected: "rejected",
  ReleaseApproved: "running",
  DeploymentStarted: "running",
  DeploymentCompleted: "live",
  DeploymentFailed: "failed",
  RollbackTriggered: "rolling-back",
  RollbackCompleted: "rolled-back",
  RollbackFailed: "failed",
  ReleaseRevoked: "revoked",
  ReleaseReplaced: "replaced",
  ReleaseRestored: "live",
  EnvironmentDestroyed: "destroyed",
} as const satisfies Partial<Record<EventName, StateWord>>;

/** Of a delivery that ended before they were decided. */
const ends = { DeliveryCancelled: "cancelled", DeliverySuperseded: "superseded" } as const;

/** The events that the history is made of. */
export const historyEvents: EventName[] = [
  ...(Object.keys(words) as EventName[]),
  ...(Object.keys(ends) as EventName[]),
  "ApprovalGranted",
  "ApprovalVoided",
  "RollbackRequested",
];

/** Oldest first. `events`: of one delivery, in the order of its chain. */
export function releasesOf(events: readonly DeliveryEvent[], environment: string): ReleaseRecord[] {
  const releases = new Map<string, ReleaseRecord>();
  for (const event of events) {
    const name = eventName(event);
    if (isEnd(name)) end(releases, event, ends[name]);
    if (event.environment !== environment) continue;
    const releaseId = String(event.data.releaseId ?? event.releaseid ?? "");
    if (name === "ReleaseProposed") releases.set(releaseId, proposed(event, releaseId));
    const release = releases.get(releaseId);
    if (release !== undefined) take(release, event);
  }
  return [...releases.values()];
}

function proposed(
  { tenantid, traceid, moduleid, data, time }: DeliveryEvent,
  releaseId: string,
): ReleaseRecord {
  return {
    releaseId,
    version: String(data.version),
    subject: { tenantId: tenantid, traceId: traceid, moduleId: moduleid },
    state: shownState("running"),
    proposedAt: time,
    at: time,
    approvals: [],
    reasons: [],
  };
}

function take(release: ReleaseRecord, event: DeliveryEvent): void {
  const name = eventName(event);
  const { data, time } = event;
  const { digests } = data;
  if (isObject(digests) && typeof digests.commit === "string") release.commit = digests.commit;
  if (name === "ApprovalGranted") release.approvals.push(approvalOf(event));
  if (name === "ApprovalVoided") release.approvals = release.approvals.filter(({ by }) => by !== data.by);
  if (name === "RollbackRequested" || name === "RollbackTriggered")
    release.rollback = { ...release.rollback, at: time, ...texts(data, "by", "code", "comment") };
  if (name === "RollbackCompleted" && typeof data.restored === "string")
    release.rollback = { ...(release.rollback ?? { at: time }), restored: data.restored };
  if (name === "ReleaseApproved") release.passedAt = time;
  if (name === "DeploymentCompleted" || name === "ReleaseRestored") release.deployedAt = time;
  if (name === "DeploymentCompleted")
    Object.assign(release, numbers(data, "durationMs", "startupTimeMs", "attempts"));
  if (Array.isArray(data.reasons)) release.reasons = reasonsOf(data.reasons);
  if (name === "DeploymentCompleted" || name === "ReleaseApproved") release.reasons = [];
  // A rollback that went well ends with the deployment's failure: what was done about it says more.
  const word = isTelling(name) ? words[name] : undefined;
  if (word === undefined || (name === "DeploymentFailed" && release.state.word === "rolled-back")) return;
  release.state = shownState(word);
  release.at = time;
}

function end(releases: Map<string, ReleaseRecord>, { time }: DeliveryEvent, word: StateWord): void {
  const open: StateWord[] = ["needs-approval", "held", "running"];
  for (const release of releases.values()) {
    if (!open.includes(release.state.word)) continue;
    release.state = shownState(word);
    release.at = time;
  }
}

function approvalOf({ data, time }: DeliveryEvent): ReleaseApproval {
  return {
    by: String(data.by),
    at: typeof data.at === "string" ? data.at : time,
    ...texts(data, "role", "comment", "onBehalfOf"),
  };
}

function reasonsOf(reasons: unknown[]): ReleaseRecord["reasons"] {
  return reasons
    .filter(isObject)
    .map(({ code, message }) => ({ code: String(code ?? ""), message: String(message ?? "") }));
}

function texts<Name extends string>(data: Record<string, unknown>, ...names: Name[]) {
  const found = names.filter((name) => typeof data[name] === "string" && data[name] !== "");
  return Object.fromEntries(found.map((name) => [name, data[name]])) as { [K in Name]?: string };
}

function numbers(data: Record<string, unknown>, ...names: string[]) {
  return Object.fromEntries(
    names.filter((name) => typeof data[name] === "number").map((name) => [name, data[name]]),
  );
}

function isTelling(name: EventName): name is keyof typeof words {
  return Object.hasOwn(words, name);
}

function isEnd(name: EventName): name is keyof typeof ends {
  return Object.hasOwn(ends, name);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
