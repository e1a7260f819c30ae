import { askTogether } from "../domain/ask-together.ts";
import type { DeliveryEvent } from "../domain/event/event.ts";
import { eventName } from "../domain/event/event.ts";
import type { EventName } from "../domain/event/event-catalogue.ts";
import type { Subject } from "../domain/scope.ts";
import type { EngineStore } from "../ports/engine-store.ts";

/** Reads events by name, oldest first; names that are asked for at once are one question to the database. */
export function batchEvents(
  store: Pick<EngineStore, "events">,
  subject: Subject,
): (name: EventName) => Promise<DeliveryEvent[]> {
  const events = askTogether((names: EventName[]) => store.events(subject, { names }));
  return async (name) => (await events(name)).filter((event) => eventName(event) === name);
}
