/** What a telling event means for who reads it: one sentence, and whom it waits for. */
import { type DeliveryEvent, eventName } from "../event/event.ts";
import type { EventName } from "../event/event-catalogue.ts";
import type { Json, JsonObject } from "../json.ts";
import { alternatives, momentText, spanBetween } from "../time-text.ts";
import { reasonText } from "../timeline/reason-text.ts";
import type { Source } from "./hand-over.ts";
import type { SituationKind, Told } from "./situation.ts";

export type Cause = DeliveryEvent;

export interface CauseContext {
  state: string;
  moduleId: string;
  environment?: string;
  releaseId?: string;
  told: Told;
  accepted: EventName[];
  now: string;
  /** When the next timer of the instance is due. */
  until: string | undefined;
}

interface Said {
  kind: SituationKind;
  on: string;
  sentence: string;
  until?: string;
}

export function describeCause(cause: Cause | undefined, context: CauseContext): Said {
  if (cause === undefined) return describeIdle(context);
  const { data } = cause;
  const what = nameOf(data, context);
  const ago = spanBetween(cause.time, context.now);
  const because = reasonsText(data);
  switch (eventName(cause)) {
    case "ApprovalRequested":
      return describeApproval(cause, what, context);
    case "ReleaseDelayed": {
      const until = context.until ?? (typeof data.until === "string" ? data.until : undefined);
      const till =
        until === undefined
          ? "until something changes"
          : `for ${spanBetween(context.now, until)}, until ${momentText(until)}`;
      const sentence = `${what} is held ${till}: ${because}`;
      return { kind: "held", on: "time", sentence, ...(until !== undefined && { until }) };
    }
    case "RetryDelayed": {
      const until = String(context.until ?? data.until);
      const why = typeof data.reason === "string" ? `: ${data.reason}` : "";
      const sentence = `${what} was put off by ${String(data.by)} for ${spanBetween(context.now, until)}, until ${momentText(until)}${why}.`;
      return { kind: "held", on: "time", sentence, until };
    }
    case "ReleaseRejected":
      return stopped(`${what} was rejected ${ago} ago: ${because}`);
    case "ReleaseRevoked":
      return stopped(`${what} was revoked ${ago} ago: ${because}`);
    case "ReleaseReplaced":
      return {
        kind: "live",
        on: "nobody",
        sentence: `${what} was replaced by ${String(data.byRelease)} of ${String(data.byTrace)} ${ago} ago.`,
      };
    case "ReleaseRestored":
      return {
        kind: "live",
        on: "nobody",
        sentence: `${what} serves again for ${ago}: ${String(data.byRelease)} of ${String(data.byTrace)} was rolled back.`,
      };
    case "EnvironmentDestroyed": {
      const why = typeof data.reason === "string" ? `: ${data.reason}` : "";
      return stopped(
        `${what} went with its environment, which ${String(data.by)} destroyed ${ago} ago${why}.`,
      );
    }
    case "EscalationRaised": {
      const who = Array.isArray(data.who) ? data.who.map(String) : [];
      const next = typeof data.next === "string" ? ` ${data.next}` : "";
      return { kind: "waiting", on: alternatives(who), sentence: `${sentenceOf(String(data.what))}${next}` };
    }
    case "DeploymentCompleted": {
      const at = typeof data.url === "string" ? ` at ${data.url}` : "";
      return { kind: "live", on: "nobody", sentence: `${what} is live${at} for ${ago}.` };
    }
    case "DeploymentFailed":
    case "RollbackCompleted": {
      const back = context.told.events.findLast(
        (event) => eventName(event) === "RollbackCompleted" && event.environment === context.environment,
      );
      const restored = back?.data.restored ?? null;
      const serves =
        restored === null
          ? "nothing serves there"
          : `${String(restored)} serves ${back?.data.interrupted === false && back.data.cause === "failure" ? "on" : "again"}`;
      const reasons = because === "" ? reasonsText(triggerOf(cause, context)) : because;
      return stopped(`${what} was rolled back ${ago} ago and ${serves}: ${reasons}`);
    }
    case "RollbackFailed":
      return {
        kind: "waiting",
        on: "a person",
        sentence: `The rollback of ${what} failed ${ago} ago: ${because}`,
      };
    case "ReleasePublished":
      return {
        kind: "published",
        on: "nobody",
        sentence: hasGoneBack(cause, context)
          ? `${context.moduleId} was published ${ago} ago; its last environment has gone back since.`
          : `${context.moduleId} is published: live and healthy in its last environment for ${ago}.`,
      };
    default:
      return stopped(
        `${String(cause.agentid ?? "An agent")} failed ${String(cause.skillid ?? "its step")} ${ago} ago ` +
          `(${String(data.code ?? "unknown")}): ${String(data.message ?? "no reason was given")}`,
      );
  }
}

/** What a person shall do about it, where the same bytes once more would not help or something else is missing. */
export function adviceOf(cause: Cause, told: Told): string | undefined {
  const { data } = cause;
  const { record } = told;
  switch (eventName(cause)) {
    case "DeploymentFailed":
    case "RollbackCompleted":
      return `Mend it and hand it over again: connectsoft deliver ${addressOf(record.handOver?.source)}`;
    case "ReleaseDelayed":
      return firstNextOf(data);
    case "ReleaseRejected":
      return withAddress(firstNextOf(data), told);
    case "AgentFailed":
      return withAddress(nextOf(data), told);
    default:
      return undefined;
  }
}

/** Who is to hand it over again is told how. */
function withAddress(advice: string | undefined, { record }: Told): string | undefined {
  const command = `connectsoft deliver ${addressOf(record.handOver?.source)}`;
  return advice?.replace(/(hand (?:it|the module) over again)(?:\.$|(?=;))/, `$1: ${command}`);
}

function firstNextOf({ reasons }: JsonObject): string | undefined {
  return nextOf(Array.isArray(reasons) ? reasons[0] : undefined);
}

function nextOf(refusal: Json | undefined): string | undefined {
  if (typeof refusal !== "object" || refusal === null || Array.isArray(refusal)) return undefined;
  return typeof refusal.next === "string" ? refusal.next : undefined;
}

function addressOf(source: Source | undefined): string {
  if (source === undefined) return "<folder>";
  return source.kind === "folder" ? source.path : source.url;
}

function describeApproval(cause: Cause, what: string, context: CauseContext): Said {
  const { data } = cause;
  const roles = Array.isArray(data.roles) ? data.roles.map(String) : [];
  const asked = Number(data.missing ?? data.minApprovers ?? 1);
  const given = context.told.events.filter(
    (event) =>
      eventName(event) === "ApprovalGranted" &&
      event.sequence > cause.sequence &&
      event.data.releaseId === data.releaseId,
  );
  const missing = Math.max(asked - given.length, 1);
  // What is open says it seat by seat; a vote that is not weighed yet may have taken one of them.
  const bySeat = typeof data.open === "string" && given.length === 0;
  const on = bySeat ? String(data.open) : alternatives(roles);
  const count = missing === 1 ? "an approval" : bySeat ? "approvals" : `${missing} more approvals`;
  const own = context.told.events.filter((event) => event.data.releaseId === data.releaseId);
  // It is asked again with each vote and each change; people wait since the first time.
  const asking = own.find((event) => eventName(event) === "ApprovalRequested") ?? cause;
  const since = spanBetween(asking.time, context.now);
  const sentence = `${what} waits for ${count} by ${on} for ${since}.${escalatedTo(own)}${heldBeside(data)}`;
  return { kind: "waiting", on, sentence };
}

/** It was published once, and is not what its last environment serves any more. */
function hasGoneBack({ sequence }: Cause, { told: { events, record } }: CauseContext): boolean {
  const last = record.handOver?.environments.at(-1);
  const newest = events.findLast(
    (event) =>
      event.environment === last && ["DeploymentCompleted", "RollbackCompleted"].includes(eventName(event)),
  );
  return newest !== undefined && newest.sequence > sequence && eventName(newest) === "RollbackCompleted";
}

/** To whom it went when nobody decided. */
function escalatedTo(events: DeliveryEvent[]): string {
  const raised = events.filter(
    (event) =>
      eventName(event) === "EscalationRaised" && event.data.waits === true && !isOfFreeze(event.data),
  );
  const who = raised.flatMap(({ data }) => (Array.isArray(data.who) ? data.who.map(String) : []));
  return who.length === 0 ? "" : ` It was escalated to ${[...new Set(who)].join(" and ")}.`;
}

/** An attempt on a freeze was refused: whom that was told decides on no approval. */
function isOfFreeze({ reasons }: JsonObject): boolean {
  const codes = (Array.isArray(reasons) ? reasons : []) as { code?: unknown }[];
  return codes.some(({ code }) => code === "FreezeOverrideNotAllowed");
}

/** What holds the release besides, and will when it is approved. */
function heldBeside({ reasons }: JsonObject): string {
  const found = (Array.isArray(reasons) ? reasons : []) as { code?: unknown; message?: unknown }[];
  const frozen = found.filter(({ code }) => code === "FreezeActive");
  return frozen.map(({ message }) => ` ${sentenceOf(String(message))}`).join("");
}

function describeIdle({ state, accepted, environment }: CauseContext): Said {
  const place = environment === undefined ? "" : ` of ${environment}`;
  return {
    kind: "idle",
    on: alternatives(accepted),
    sentence: `The state ${state}${place} waits for ${alternatives(accepted)}.`,
  };
}

function triggerOf(cause: Cause, { told }: CauseContext): JsonObject {
  const trigger = told.events.findLast(
    (event) =>
      event.environment === cause.environment &&
      (eventName(event) === "RollbackTriggered" || eventName(event) === "RollbackRequested"),
  );
  return trigger?.data ?? {};
}

function nameOf(data: JsonObject, { moduleId, environment, releaseId, told }: CauseContext): string {
  const version = typeof data.version === "string" ? data.version : told.record.handOver?.module.version;
  const release = typeof data.releaseId === "string" ? data.releaseId : releaseId;
  const place = environment === undefined ? "" : ` in ${environment}`;
  return `${moduleId} ${version ?? ""}${release === undefined ? "" : ` (${release})`}${place}`;
}

function reasonsText(data: JsonObject): string {
  const { reasons, reason } = data;
  if (!Array.isArray(reasons)) return typeof reason === "string" ? sentenceOf(reason) : "";
  return reasons.map((one) => sentenceOf(reasonText(one))).join(" ");
}

function sentenceOf(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function stopped(sentence: string): Said {
  return { kind: "stopped", on: "a person", sentence };
}
