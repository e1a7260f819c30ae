/** What an event says beside its name, on one line; in the words of those who caused it. */
import type { DeliveryEvent } from "../event/event.ts";
import { eventName } from "../event/event-name.ts";
import type { Json } from "../json.ts";
import { spanText } from "../time-text.ts";
import { reasonText } from "./reason-text.ts";

export function factText(event: DeliveryEvent): string {
  const { data } = event;
  const parts: string[] = [];
  if (typeof data.durationMs === "number") parts.push(spanText(data.durationMs));
  for (const key of ["summary", "message", "what", "reason", "comment", "path", "url", "branch", "title"])
    if (typeof data[key] === "string" && data[key] !== "") parts.push(data[key]);
  if (typeof data.by === "string") parts.push(`by ${data.by}`);
  parts.push(...reasonsOf(event), ...differencesOf(event));
  if (typeof data.retryAt === "string") parts.push(`again at ${data.retryAt.slice(11, 19)}`);
  if (data.late === true) parts.push("(late, ignored)");
  return parts.join("  ");
}

/** `TestsNotPassed: 2 of 14 failed.`, one for each that what happened does not say itself. */
export function reasonsOf(event: DeliveryEvent): string[] {
  const { reasons, what } = event.data;
  if (!Array.isArray(reasons)) return [];
  const asks = eventName(event) === "ApprovalRequested";
  return reasons.filter((reason) => !(asks && isOfQuorum(reason)) && !isSaidIn(what, reason)).map(reasonText);
}

/** Whoever asks for approvals says by whom. */
function isOfQuorum(reason: Json): boolean {
  return typeof reason === "object" && reason !== null && "code" in reason && reason.code === "QuorumNotMet";
}

/** In what an escalation says. */
function isSaidIn(what: Json | undefined, reason: Json): boolean {
  if (typeof what !== "string" || typeof reason !== "object" || reason === null || Array.isArray(reason))
    return false;
  return typeof reason.message === "string" && reason.message !== "" && what.includes(reason.message);
}

export function differencesOf({ data }: DeliveryEvent): string[] {
  return Array.isArray(data.differences) ? data.differences.map(differenceText) : [];
}

function differenceText(difference: unknown): string {
  if (difference === null || typeof difference !== "object") return String(difference);
  return String((difference as { words?: unknown }).words ?? "");
}
