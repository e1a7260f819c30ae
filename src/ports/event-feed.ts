/** What happens in all deliveries of a tenant, in the order of commits, for many readers at once. */
import type { DeliveryPhase } from "../domain/delivery/delivery-state.ts";
import type { EventName } from "../domain/event/event-catalogue.ts";
import type { Subject } from "../domain/scope.ts";

export interface FeedEvent {
  /** Its place among the tenant's events: whoever names it goes on behind it. */
  position: string;
  subject: Subject;
  /** In the delivery's chain. */
  sequence: number;
  name: EventName;
  /** ISO 8601. */
  time: string;
  environment?: string;
  releaseId?: string;
  /** Of the delivery, as it is when this is sent. */
  phase: DeliveryPhase;
  /** Its active states by flow instance, as they are when this is sent. */
  active: Record<string, string[]>;
}

export type FeedItem =
  | { kind: "event"; event: FeedEvent }
  /** Everything up to here has been told. */
  | { kind: "reached"; position: string }
  /** The place that was named is of another database: what was read before is read again, and this goes on from now. */
  | { kind: "reset"; position: string }
  /** The reader was too slow; it comes back with the last position that it has. Nothing follows. */
  | { kind: "behind" };

export interface EventFeed {
  /**
   * From now, or gapless from behind a position on; events of different deliveries may change places only where they were
   * committed at once. What can be told at once comes together, so that it can be sent so. Ends when the signal is aborted. Refuses with InputInvalid what is no position.
   */
  follow(
    tenantId: string,
    options: { after?: string | undefined; signal: AbortSignal },
  ): AsyncIterable<readonly FeedItem[]>;
  /** A page of what is settled; `next` is where the one after it goes on. */
  page(
    tenantId: string,
    options: { after?: string | undefined; limit: number },
  ): Promise<{ events: FeedEvent[]; next: string }>;
  close(): Promise<void>;
}
