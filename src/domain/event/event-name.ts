/** What an event is called, apart from what every event must hold: whoever only reads names need not load that. */
import type { EventName } from "./event-catalogue.ts";

export const eventTypePrefix = "com.connectsoft.delivery.";

export function eventName({ type }: { type: string }): EventName {
  return type.slice(eventTypePrefix.length) as EventName;
}
