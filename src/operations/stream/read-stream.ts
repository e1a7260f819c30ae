/** What happens in all deliveries of the caller's tenant, in the order of commits: a page of it, or live. */
import { z } from "zod";
import { slug } from "../../domain/scope.ts";
import type { FeedEvent, FeedItem } from "../../ports/event-feed.ts";
import { permitTenant } from "../permit.ts";
import type { Caller, System } from "../system.ts";

/** What is told of a stream. */
export type StreamItem = FeedItem;

export const positionForm = /^\d{1,19}\.\d{1,9}$/;

export const readStreamInput = z.object({
  /** The caller's own. */
  tenantId: slug.optional(),
  /** A position that an event had; without one, from the first that is kept, or live from now. */
  after: z.string().regex(positionForm, "expected a position of this stream, such as 4711.2").optional(),
  moduleId: slug.optional(),
  environment: slug.optional(),
  /** Of the event. */
  name: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

export type StreamInput = z.output<typeof readStreamInput>;

export interface StreamPage {
  events: FeedEvent[];
  /** What to ask with as `after` for what comes next, also where there was nothing yet. */
  next: string;
}

export async function readStream(
  system: System,
  caller: Caller,
  { tenantId = caller.tenantId, after, limit, ...filter }: StreamInput,
): Promise<StreamPage> {
  await permitTenant(system, caller, tenantId);
  const page = await system.feed.page(caller.tenantId, { after, limit });
  return { ...page, events: page.events.filter((event) => fits(event, filter)) };
}

/** Whoever may read the page may follow it. */
export async function* followStream(
  { feed }: System,
  { tenantId }: Caller,
  {
    after,
    signal,
    ...filter
  }: Pick<StreamInput, "after" | "moduleId" | "environment" | "name"> & { signal: AbortSignal },
): AsyncGenerator<FeedItem[]> {
  for await (const items of feed.follow(tenantId, { after, signal })) {
    const wanted = items.filter((item) => item.kind !== "event" || fits(item.event, filter));
    if (wanted.length > 0) yield wanted;
  }
}

function fits(
  { subject, environment, name }: FeedEvent,
  wanted: Pick<StreamInput, "moduleId" | "environment" | "name">,
): boolean {
  return (
    (wanted.moduleId === undefined || wanted.moduleId === subject.moduleId) &&
    (wanted.environment === undefined || wanted.environment === environment) &&
    (wanted.name === undefined || wanted.name === name)
  );
}
