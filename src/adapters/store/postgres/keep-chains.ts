/**
 * Parts of chains as they were read last. Each window asks for its page again whenever anything happens in the tenant; a
 * chain that still ends where it did is not read again for it.
 */
import type { DeliveryEvent } from "../../../domain/event/event.ts";
import { subjectKey } from "../../../domain/scope.ts";
import type { DeliveryBoard, WantedEvents } from "../../../ports/delivery-board.ts";

/** Of all chains together: a few pages. What was asked for longest ago makes room. */
const mostEvents = 5_000;

export function keepChains(read: DeliveryBoard["events"]): DeliveryBoard["events"] {
  const kept = new Map<string, readonly DeliveryEvent[]>();
  let size = 0;

  function recall(wanted: WantedEvents): readonly DeliveryEvent[] | undefined {
    const key = keyOf(wanted);
    const events = key === undefined ? undefined : kept.get(key);
    if (key === undefined || events === undefined) return undefined;
    kept.delete(key);
    kept.set(key, events);
    return events;
  }

  function keep(wanted: WantedEvents, events: readonly DeliveryEvent[]): void {
    const key = keyOf(wanted);
    if (key === undefined || kept.has(key)) return;
    kept.set(key, events);
    size += events.length;
    for (const [oldest, { length }] of kept) {
      if (size <= mostEvents) return;
      kept.delete(oldest);
      size -= length;
    }
  }

  return async (wanted) => {
    const known = wanted.map((one) => [one, recall(one)] as const);
    const missing = known.flatMap(([one, events]) => (events === undefined ? [one] : []));
    const found = missing.length === 0 ? new Map<string, readonly DeliveryEvent[]>() : await read(missing);
    for (const one of missing) keep(one, found.get(subjectKey(one.subject)) ?? []);
    return new Map(
      known.map(([{ subject }, events]) => {
        const key = subjectKey(subject);
        return [key, events ?? found.get(key) ?? []];
      }),
    );
  };
}

function keyOf({ subject, names, head }: WantedEvents): string | undefined {
  return head === undefined ? undefined : `${subjectKey(subject)} ${head} ${names.join()}`;
}
