/** Finds deliveries by what a board shows of them; reads what the engine's store keeps, and changes nothing. */
import type { DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import type { StateWord } from "../domain/delivery/state-words.ts";
import type { DeliveryEvent } from "../domain/event/event.ts";
import type { EventName } from "../domain/event/event-catalogue.ts";
import type { Subject } from "../domain/scope.ts";
import type { Team } from "../domain/tenant/teams.ts";

export interface BoardFilter {
  tenantId: string;
  /** Each of them stands in the trace, the module, the version or the sponsor; whatever the case. */
  words?: string[];
  states?: StateWord[];
  /** It has come there; with `states`: it is in one of them there. */
  environment?: string;
  moduleId?: string;
  traceId?: string;
  sponsor?: string;
  team?: Team;
  /** Handed over at this time or later, ISO 8601. */
  from?: string;
  /** Handed over before. */
  to?: string;
}

export interface BoardQuery extends BoardFilter {
  /** The last one of the page before. */
  after?: { createdAt: string; subject: string };
  limit: number;
}

export interface BoardRow {
  record: DeliveryRecord;
  /** ISO 8601, to the microsecond: with the subject, the place in the order. */
  createdAt: string;
  updatedAt: string;
}

export interface WantedEvents {
  subject: Subject;
  names: readonly EventName[];
  /** The hash that its chain ends with, as far as the asker knows: up to there it need not be read twice. */
  head?: string;
}

export interface DeliveryBoard {
  /** Newest first. */
  search(query: BoardQuery): Promise<BoardRow[]>;
  /** Those of the deliveries that are there, in no order. */
  read(subjects: readonly Subject[]): Promise<BoardRow[]>;
  /** Of each delivery the events of its names, in order of the chain; by the delivery's key. */
  events(wanted: readonly WantedEvents[]): Promise<Map<string, readonly DeliveryEvent[]>>;
  /** Modules that were ever delivered, by name; `words` stand in it. */
  modules(query: { tenantId: string; after?: string; words?: string[]; limit: number }): Promise<string[]>;
  /** Of each of the modules the newest deliveries in one of the states, at most `limit` of each. */
  newest(query: {
    tenantId: string;
    moduleIds: readonly string[];
    states: readonly StateWord[];
    limit: number;
  }): Promise<Subject[]>;
  /** How many there are in each state, whatever states the filter names. */
  counts(filter: BoardFilter): Promise<Partial<Record<StateWord, number>>>;
}
