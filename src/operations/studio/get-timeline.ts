/** What happened to a delivery, event by event, in words. */
import { z } from "zod";
import { type Subject, subjectSchema } from "../../domain/scope.ts";
import { type TimelineEntry, tellEvent } from "../../domain/timeline/tell-event.ts";
import { findDelivery } from "../find-delivery.ts";
import type { Caller, System } from "../system.ts";

export const getTimelineInput = subjectSchema.extend({
  /** Sequence of the last entry that the reader has. */
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(2_000).default(500),
});

export interface Timeline {
  subject: Subject;
  /** In the order of the chain. */
  items: TimelineEntry[];
  /** Sequence of the newest event of the delivery. */
  head: number;
  /** `after` of the next page; absent on the last one. */
  next?: number;
}

export async function getTimeline(
  system: System,
  caller: Caller,
  input: z.output<typeof getTimelineInput>,
): Promise<Timeline> {
  const { after, limit, ...subject } = input;
  const { head } = await findDelivery(system, caller, subject);
  const events = await system.store.events(subject, { after, limit });
  const last = events.at(-1)?.sequence ?? after;
  const more = events.length === limit && last < head.sequence;
  return {
    subject,
    items: events.map(tellEvent),
    head: Math.max(head.sequence, last),
    ...(more && { next: last }),
  };
}
