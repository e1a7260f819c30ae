/**
 * Parts of chains as they were read last. Each window asks for its page again whenever anything happens in the tenant; a
 * chain that still ends where it did is not read again for it.
 */
import { LRUCache } from "lru-cache";
import type { DeliveryEvent } from "../../../domain/event/event.ts";
import { subjectKey } from "../../../domain/scope.ts";
import type { DeliveryBoard, WantedEvents } from "../../../ports/delivery-board.ts";

/** Of all chains together: a few pages. What was asked for longest ago makes room. */
const mostEvents = 5_000;

export function keepChains(read: DeliveryBoard["events"]): DeliveryBoard["events"] {
  const kept = new LRUCache<string, readonly DeliveryEvent[]>({
    maxSize: mostEvents,
    // Also that there is nothing takes room.
    sizeCalculation: ({ length }) => length + 1,
  });
  return async (wanted) => {
    const known = wanted.map((one) => [one, recall(kept, one)] as const);
    const missing = known.flatMap(([one, events]) => (events === undefined ? [one] : []));
    const found = missing.length === 0 ? new Map<string, readonly DeliveryEvent[]>() : await read(missing);
    for (const one of missing) {
      const key = keyOf(one);
      if (key !== undefined) kept.set(key, found.get(subjectKey(one.subject)) ?? []);
    }
    return new Map(
      known.map(([{ subject }, events]) => {
        const key = subjectKey(subject);
        return [key, events ?? found.get(key) ?? []];
      }),
    );
  };
}

function recall(kept: LRUCache<string, readonly DeliveryEvent[]>, wanted: WantedEvents) {
  const key = keyOf(wanted);
  return key === undefined ? undefined : kept.get(key);
}

/** By where it ends; undefined where nobody knows. */
function keyOf({ subject, names, head }: WantedEvents): string | undefined {
  return head === undefined ? undefined : `${subjectKey(subject)} ${head} ${names.join()}`;
}
