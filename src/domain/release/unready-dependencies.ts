/** Why a module waits for what it depends on, in one refusal; asked before an approval and again before the dispatch. */
import type { Refusal } from "../refusal.ts";
import type { Readiness } from "./trace-view.ts";

export function unreadyDependencies(
  { moduleId, environment }: { moduleId: string; environment: string },
  dependencies: Readiness[],
): Refusal | undefined {
  const missing = dependencies.filter((one) => one.status !== "ready");
  const [first] = missing.toSorted((a, b) => urgency.indexOf(a.status) - urgency.indexOf(b.status));
  if (first === undefined) return undefined;
  const words = missing.map((one) => one.words).join("; ");
  return {
    code: "DependencyNotReady",
    message: `${moduleId} is not deployed to ${environment} before what it depends on: ${words}.`,
    next: first.next,
  };
}

/** What a person must do something about is told first. */
const urgency = ["unknown", "failed", "waiting"];
