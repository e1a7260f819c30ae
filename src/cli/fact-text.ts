/** What an event says beside its name, on one line. */
import type { DeliveryEvent } from "../domain/event/event.ts";
import { spanText } from "../domain/time-text.ts";
import { plainLine } from "./plain-text.ts";

const longest = 160;

export function factOf({ data }: DeliveryEvent): string {
  const parts: string[] = [];
  if (typeof data.durationMs === "number") parts.push(spanText(data.durationMs));
  for (const key of ["summary", "message", "what", "reason", "comment", "path", "url", "branch", "title"])
    if (typeof data[key] === "string" && data[key] !== "") parts.push(data[key]);
  if (typeof data.by === "string") parts.push(`by ${data.by}`);
  if (Array.isArray(data.reasons)) parts.push(...data.reasons.map(reasonText));
  if (Array.isArray(data.differences)) parts.push(...data.differences.map(differenceText));
  if (typeof data.retryAt === "string") parts.push(`again at ${data.retryAt.slice(11, 19)}`);
  if (data.late === true) parts.push("(late, ignored)");
  const text = plainLine(parts.join("  "));
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function differenceText(difference: unknown): string {
  if (difference === null || typeof difference !== "object") return String(difference);
  return String((difference as { words?: unknown }).words ?? "");
}

function reasonText(reason: unknown): string {
  if (reason === null || typeof reason !== "object") return String(reason);
  const { code, message } = reason as { code?: unknown; message?: unknown };
  return `${String(code)}: ${String(message)}`;
}
