/** Which things a policy names: every entity that stands in its scope or its conditions. */
import type { Mention, OwnPolicy } from "../../../domain/access/access-question.ts";
import type { CedarEngine } from "./cedar-engine.ts";
import { unreadable } from "./unreadable.ts";

export function mentionsIn({ cedar }: CedarEngine, { id, cedar: text }: OwnPolicy): Mention[] {
  const read = cedar.policyToJson(text);
  if (read.type === "failure") throw unreadable(read.errors[0]?.message);
  const found = new Map<string, Mention>();
  collect(read.json, (type, name) => found.set(`${type}::${name}`, { policy: id, type, id: name }));
  return [...found.values()];
}

function collect(node: unknown, tell: (type: string, id: string) => void): void {
  if (typeof node !== "object" || node === null) return;
  const { type, id } = node as { type?: unknown; id?: unknown };
  if (typeof type === "string" && typeof id === "string") tell(type, id);
  for (const part of Object.values(node)) collect(part, tell);
}
