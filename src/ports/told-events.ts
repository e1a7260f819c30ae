/** Searches and measures what happened across the deliveries of a tenant, and in its journal; changes nothing. */
import type { DeliveryEvent } from "../domain/event/event.ts";
import type { EventName } from "../domain/event/event-catalogue.ts";
import type { ReleaseFacts } from "../domain/insight/measure.ts";
import type { JournalAct, JournalEntry } from "../domain/journal/journal-entry.ts";
import type { Team } from "../domain/tenant/teams.ts";

export interface ToldFilter {
  tenantId: string;
  actor?: string;
  moduleId?: string;
  environment?: string;
  releaseId?: string;
  /** At this time or later, ISO 8601. */
  from?: string;
  /** Before. */
  to?: string;
}

/** Where a page ended. Of the same time, entries of the journal come first. */
export type ToldPlace =
  | { at: string; kind: "event"; subject: string; sequence: number }
  | { at: string; kind: "entry"; sequence: number };

export interface ToldQuery extends ToldFilter {
  names?: readonly EventName[];
  acts?: readonly JournalAct[];
  after?: ToldPlace;
  limit: number;
}

export interface ReleaseFactsQuery {
  tenantId: string;
  from: string;
  to: string;
  environment?: string;
  moduleId?: string;
  sponsor?: string;
  team?: Team;
  limit: number;
}

export interface ToldEvents {
  /** Newest first. */
  events(query: ToldQuery): Promise<DeliveryEvent[]>;
  /** What became of each release that something happened to in that time, newest first. */
  releases(query: ReleaseFactsQuery): Promise<ReleaseFacts[]>;
  /** Of the tenant's journal, newest first. */
  entries(query: ToldQuery): Promise<JournalEntry[]>;
}
