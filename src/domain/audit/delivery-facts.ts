/** Of a delivery's events those that an auditor asks about: what was stated, decided and done, without the engine's steps. */
import { type DeliveryEvent, eventName } from "../event/event.ts";
import type { EventName } from "../event/event-catalogue.ts";
import type { Subject } from "../scope.ts";

export interface DeliveryFacts {
  subject: Subject;
  /** In order of the chain. */
  events: DeliveryEvent[];
}

const steps: ReadonlySet<EventName> = new Set([
  ...(["FlowStarted", "AgentInvoked", "AgentCompleted", "AgentFailed", "TimerFired"] as const),
  ...(["FlowMoved", "RolloutProgressed"] as const),
]);
/** Artifacts that statements and reports are made of. */
const telling: ReadonlySet<unknown> = new Set(["SBOM.json", "provenance.intoto.json", "ReleaseSummary.json"]);

/** Gives the artifact that an ArtifactWritten event tells of. */
export type ContentOf = (event: DeliveryEvent) => string | undefined;

export function isFact(event: DeliveryEvent): boolean {
  const name = eventName(event);
  return name === "ArtifactWritten" ? telling.has(event.data.name) : !steps.has(name);
}

/** Data of events is not the same in every version of the program: what is not there, or no text, is undefined. */
export function textOf(event: DeliveryEvent, key: string): string | undefined {
  const value = event.data[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function recordOf(event: DeliveryEvent, key: string): Record<string, unknown> | undefined {
  const value = event.data[key];
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
