/** One entry of a tenant's journal as a person reads it. */
import { type Action, actions } from "../access/actions.ts";
import type { JournalEntry } from "../journal/journal-entry.ts";
import { journalActs } from "../journal/journal-entry.ts";
import type { JsonObject } from "../json.ts";

/** `jane was refused: deploy in production (TenantForbidden).` */
export function tellAct({ act, actor, data }: JournalEntry): string {
  switch (act) {
    case "AccessDenied":
      return `${actor} was not permitted to ${whatOf(data)}${codeOf(data)}.`;
    case "AccessPermitted":
      return `${actor} was permitted to ${whatOf(data)}.`;
    case "ActRefused":
      return `${actor} was refused ${textOf(data.operation, "a decision")}${codeOf(data)}.`;
    case "CallerRefused":
      return `A call with a token that is not good was refused${codeOf(data)}.`;
    default:
      return `${actor}: ${journalActs[act]}${reasonOf(data)}.`;
  }
}

/** In which environment, of which module, trace and release it was. */
export function placeOfAct({ data }: JournalEntry): {
  environment?: string;
  moduleId?: string;
  releaseId?: string;
} {
  const resource = objectOf(data.resource) ?? data;
  const { environment, moduleId, releaseId } = resource;
  return {
    ...(typeof environment === "string" && { environment }),
    ...(typeof moduleId === "string" && { moduleId }),
    ...(typeof releaseId === "string" && { releaseId }),
  };
}

function whatOf(data: JsonObject): string {
  const resource = objectOf(data.resource) ?? {};
  const place = textOf(resource.environment, "");
  const about = textOf(resource.releaseId ?? resource.moduleId ?? resource.repository, "");
  const words = [phraseOf(data.action), about === "" ? "" : `(${about})`, place === "" ? "" : `in ${place}`];
  return words.filter((word) => word !== "").join(" ");
}

/** `make tokens`; an action of an earlier version by its name. */
function phraseOf(action: unknown): string {
  const name = textOf(action, "do it");
  return Object.hasOwn(actions, name) ? actions[name as Action].phrase : name;
}

function codeOf({ code }: JsonObject): string {
  return typeof code === "string" ? ` (${code})` : "";
}

function reasonOf({ reason }: JsonObject): string {
  return typeof reason === "string" && reason !== "" ? ` (${reason.replace(/\.$/, "")})` : "";
}

function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}
