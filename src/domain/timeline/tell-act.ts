/** One entry of a tenant's journal as a person reads it. */
import type { JournalEntry } from "../journal/journal-entry.ts";
import { actClause, objectOf } from "./act-clause.ts";

/** `jane was not permitted to deploy in production (TenantForbidden).` */
export function tellAct({ act, actor, data }: JournalEntry): string {
  const who = actor === "nobody" ? "Somebody" : actor;
  return `${who} ${actClause(act, data)}.`;
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
