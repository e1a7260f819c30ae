/** The newest failure that a chain tells of, and the step in which it came about. */

import { type DeliveryEvent, eventName } from "../../domain/event/event.ts";
import type { EventName } from "../../domain/event/event-catalogue.ts";
import type { JsonObject } from "../../domain/json.ts";
import { codeInBrackets } from "../../domain/release/rollback-codes.ts";
import type { TrafficStats } from "../../domain/rollout/traffic.ts";
import type { ProbeStatus } from "../../ports/target.ts";

export interface ReleaseFailure {
  environment?: string;
  releaseId: string;
  version: string;
  /** What happened, in one sentence. */
  what: string;
  /** Step of the rollout, or the agent's skill: `start`, `verify`, `RunTests`. */
  step: string;
  /** ISO 8601. */
  at: string;
  reasons: { code: string; message: string }[];
  /** Who or what had it taken back, where it did not fail by itself. */
  by?: string;
  attempts?: number;
  probes?: ProbeStatus[];
  exit?: { code: number | null; signal: string | null };
  logTail?: string;
  /** What the router measured of it. */
  traffic?: TrafficStats;
}

const failures: ReadonlySet<EventName> = new Set<EventName>([
  "RollbackTriggered",
  "RollbackFailed",
  "DeploymentFailed",
  "ReleaseRejected",
  "ReleaseRevoked",
  "EscalationRaised",
  "AgentFailed",
]);

/** Undefined where nothing has failed; of one release where it is named. */
export function newestFailure(
  events: DeliveryEvent[],
  releaseId: string | undefined,
): ReleaseFailure | undefined {
  const own = releaseId === undefined ? events : events.filter((event) => releaseOf(event) === releaseId);
  const failed = own.filter(
    ({ data }) => data.late !== true && data.retryAt === undefined && data.waits !== true,
  );
  const newest = failed.findLast((event) => failures.has(eventName(event)));
  if (newest === undefined) return undefined;
  const last = escalationOf(newest, failed) ?? newest;
  // The rollback tells its own story at the end; what failed first is what began it.
  const begun = failed.findLast(
    (event) =>
      eventName(event) === "RollbackTriggered" &&
      releaseOf(event) === releaseOf(last) &&
      event.environment === last.environment,
  );
  const rollback = failed.findLast((event) => eventName(event) === "RollbackFailed");
  const first = begun ?? last;
  const version = String(first.data.version ?? "");
  const place = last.environment === undefined ? "" : ` in ${last.environment}`;
  const name = `${last.moduleid}${version === "" ? "" : ` ${version}`}${releaseOf(last) === "" ? "" : ` (${releaseOf(last)})`}${place}`;
  const ended = rollback !== undefined && rollback.sequence > (begun?.sequence ?? 0);
  return {
    ...(last.environment !== undefined && { environment: last.environment }),
    releaseId: releaseOf(last),
    version,
    what: sentence(name, { first, last, ended, events: own }),
    step: stepOf(own, begun ?? newest),
    at: first.time,
    reasons: [...reasonsOf(first.data), ...(ended ? reasonsOf(rollback?.data ?? {}) : [])],
    ...(typeof first.data.by === "string" && { by: first.data.by }),
  };
}

/** A failing agent that raised an escalation said there what happened. */
function escalationOf(newest: DeliveryEvent, events: DeliveryEvent[]): DeliveryEvent | undefined {
  if (eventName(newest) !== "AgentFailed" || newest.invocationid === undefined) return undefined;
  return events.findLast(
    (event) => eventName(event) === "EscalationRaised" && event.invocationid === newest.invocationid,
  );
}

function sentence(
  name: string,
  {
    first,
    last,
    ended,
    events,
  }: { first: DeliveryEvent; last: DeliveryEvent; ended: boolean; events: DeliveryEvent[] },
): string {
  if (eventName(first) !== "RollbackTriggered")
    return eventName(last) === "EscalationRaised" && typeof last.data.what === "string"
      ? `${last.data.what}.`
      : `${name} ${verbs[eventName(first)] ?? "failed"}.`;
  const back = events.findLast(
    (event) => eventName(event) === "RollbackCompleted" && event.sequence > first.sequence,
  );
  const { by, code } = first.data;
  const person = `was taken back by ${String(by)}${codeInBrackets(code)}`;
  const cause = first.data.cause === "person" ? person : (causes[String(first.data.cause)] ?? "failed");
  if (ended) return `${name} ${cause}, and taking it back failed as well: a person must act.`;
  if (back === undefined) return `${name} ${cause} and is being taken back.`;
  const restored = back.data.restored ?? null;
  const now =
    restored === null ? "nothing served before it" : String(back.data.summary ?? `${restored} serves again`);
  const joined = first.data.cause === "person" ? cause : `${cause} and was taken back`;
  return `${name} ${joined}: ${now}.`;
}

const causes: Record<string, string> = {
  failure: "failed",
  regression: "got worse under traffic",
  revocation: "was revoked",
};

const verbs: Partial<Record<EventName, string>> = {
  ReleaseRejected: "was rejected",
  ReleaseRevoked: "was revoked",
};

function stepOf(events: DeliveryEvent[], first: DeliveryEvent): string {
  if (eventName(first) === "AgentFailed") return String(first.skillid ?? "");
  if (typeof first.data.step === "string") return first.data.step;
  const before = events.filter(({ sequence }) => sequence <= first.sequence);
  const wasLive = before.findLast((event) => eventName(event) === "DeploymentCompleted");
  const begun = before.findLast((event) => eventName(event) === "DeploymentStarted");
  if (wasLive !== undefined && wasLive.sequence > (begun?.sequence ?? 0)) return "live";
  const progress = before.findLast((event) => eventName(event) === "RolloutProgressed");
  if (typeof progress?.data.step === "string") return progress.data.step;
  const [reason] = reasonsOf(first.data);
  return reason?.code === "Unhealthy"
    ? "verify"
    : begun === undefined
      ? String(first.skillid ?? "")
      : "start";
}

function releaseOf({ data, releaseid }: DeliveryEvent): string {
  return typeof data.releaseId === "string" ? data.releaseId : (releaseid ?? "");
}

function reasonsOf(data: JsonObject): { code: string; message: string }[] {
  const { reasons, code, message } = data;
  if (!Array.isArray(reasons))
    return typeof message === "string" ? [{ code: String(code ?? ""), message }] : [];
  return reasons.flatMap((one) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? [{ code: String(one.code), message: String(one.message) }]
      : [],
  );
}
