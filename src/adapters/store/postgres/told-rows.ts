/** Rows of `told_events`: what is searched and measured across deliveries. */
import { type DeliveryEvent, eventName } from "../../../domain/event/event.ts";
import { actorOf } from "../../../domain/timeline/tell-event.ts";
import { isTold } from "../../../domain/timeline/told-event.ts";

/** In the order in which the statement names them: subject, sequence, name, at, environment, release, actor. */
export function toldColumns(events: readonly DeliveryEvent[]): unknown[][] {
  const told = events.filter(isTold);
  return [
    told.map(({ subject }) => subject),
    told.map(({ sequence }) => sequence),
    told.map(eventName),
    told.map(({ time }) => time),
    told.map(({ environment }) => environment ?? null),
    told.map(
      ({ releaseid, data }) => releaseid ?? (typeof data.releaseId === "string" ? data.releaseId : null),
    ),
    told.map((event) => actorOf(event).name),
  ];
}
