/** Reads a chain of events as a test asks for it. */
import { type DeliveryEvent, eventName } from "../../../src/domain/event/event.ts";

export function named(events: DeliveryEvent[], name: string, environment?: string): DeliveryEvent[] {
  return events.filter(
    (event) => eventName(event) === name && (environment === undefined || event.environment === environment),
  );
}

/** The one event of that name; tells how many there are otherwise. */
export function only(events: DeliveryEvent[], name: string, environment?: string): DeliveryEvent {
  const [first, ...more] = named(events, name, environment);
  if (first !== undefined && more.length === 0) return first;
  throw new Error(
    `expected one ${name} ${environment ?? ""}, found ${first === undefined ? 0 : more.length + 1}`,
  );
}

export function namesOf(events: DeliveryEvent[]): string[] {
  return events.map((event) => eventName(event));
}
