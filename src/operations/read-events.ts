/** What happened: the events of a delivery in order, for a timeline, an export or a late follower. */
import { z } from "zod";
import type { DeliveryEvent } from "../domain/event/event.ts";
import { subjectSchema } from "../domain/scope.ts";
import { findDelivery } from "./find-delivery.ts";
import type { Caller, System } from "./system.ts";

export const readEventsInput = subjectSchema.extend({
  /** Sequence of the last event that the reader has. */
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(10_000).default(10_000),
});

export async function readEvents(
  system: System,
  caller: Caller,
  input: z.output<typeof readEventsInput>,
): Promise<DeliveryEvent[]> {
  const { after, limit, ...subject } = input;
  await findDelivery(system, caller, subject);
  return system.store.events(subject, { after, limit });
}
