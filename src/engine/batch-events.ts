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
  let open: { names: Set<EventName>; answer: Promise<DeliveryEvent[]> } | undefined;

  function ask(): NonNullable<typeof open> {
    const names = new Set<EventName>();
    const answer = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      open = undefined;
      return store.events(subject, { names: [...names] });
    });
    return { names, answer };
  }

  return async (name) => {
    open ??= ask();
    open.names.add(name);
    return (await open.answer).filter((event) => eventName(event) === name);
  };
}
