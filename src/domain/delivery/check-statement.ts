/** Holds what somebody outside the engine states to its schema, before it becomes a fact that stands for ever. */
import type { EventDraft } from "../event/event.ts";
import { type EventName, eventCatalogue, isEventName } from "../event/event-catalogue.ts";
import { refuse } from "../refusal.ts";
import { type DeliveryRecord, mainInstance } from "./delivery-state.ts";
import type { FlowLookup } from "./evolve.ts";
import { isReserved } from "./step-ids.ts";

const engineOnly: ReadonlySet<EventName> = new Set<EventName>([
  "AgentInvoked",
  "AgentCompleted",
  "AgentFailed",
  "ArtifactWritten",
  "FlowStarted",
  "TimerFired",
]);

export function checkStatement(record: DeliveryRecord, draft: EventDraft, flows: FlowLookup): void {
  const { id, name, data } = draft;
  if (!isEventName(name) || engineOnly.has(name))
    throw refuse(
      "InputInvalid",
      `name: ${name} is ${isEventName(name) ? "stated by the engine alone" : "no event"}.`,
      "See the events: connectsoft schema list",
    );
  if (id !== undefined && isReserved(record.subject, id))
    throw refuse("InputInvalid", `id: ${id} has the form of the engine's own ids.`, "Choose another id.");
  const parsed = eventCatalogue[name].safeParse(data);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw refuse(
      "InputInvalid",
      `${["data", ...(issue?.path ?? [])].join(".")}: ${issue?.message ?? "does not fit"} (${name})`,
      `See the shape: connectsoft schema show ${name}`,
    );
  }
  if (name === "FlowMoved") checkMove(record, String(data.instance), String(data.to), flows);
}

function checkMove(record: DeliveryRecord, name: string, to: string, flows: FlowLookup): void {
  const instance = record.state.instances[name];
  const environments = record.handOver?.environments ?? [];
  const context = name === mainInstance ? { environments } : { environments, environment: name };
  const there =
    instance !== undefined &&
    flows(instance.flow.digest).restart(instance.snapshot, context, to) !== undefined;
  if (there) return;
  throw refuse(
    "InputInvalid",
    instance === undefined ? `instance: there is no flow ${name} here.` : `to: ${name} has no state ${to}.`,
    "See the states: connectsoft flow show",
  );
}
