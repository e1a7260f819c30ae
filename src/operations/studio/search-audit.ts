/** Who approved, why blocked, when completed, what failed: across the deliveries of a tenant and its journal. */
import { z } from "zod";
import type { Tone } from "../../domain/delivery/state-words.ts";
import { type DeliveryEvent, eventName } from "../../domain/event/event.ts";
import { type EventName, eventCatalogue } from "../../domain/event/event-catalogue.ts";
import { type JournalAct, type JournalEntry, journalActs } from "../../domain/journal/journal-entry.ts";
import { parseSubjectKey, releaseNumber, type Subject, slug } from "../../domain/scope.ts";
import { placeOfAct, tellAct } from "../../domain/timeline/tell-act.ts";
import { type TimelineActor, tellEvent } from "../../domain/timeline/tell-event.ts";
import {
  type AuditOutcome,
  actsOfOutcome,
  auditOutcomes,
  eventsOfOutcome,
  outcomeOf,
} from "../../domain/timeline/told-event.ts";
import type { ToldPlace } from "../../ports/told-events.ts";
import type { Caller, System } from "../system.ts";
import { cursorField, listField, writeCursor } from "./page.ts";

const time = z.iso.datetime({ offset: true });
const names = [...Object.keys(eventCatalogue), ...Object.keys(journalActs)] as (EventName | JournalAct)[];
const place = z.union([
  z.object({ at: z.string(), kind: z.literal("event"), subject: z.string(), sequence: z.int() }),
  z.object({ at: z.string(), kind: z.literal("entry"), sequence: z.int() }),
]);

export const searchAuditInput = z.object({
  /** A person, `service:...`, an agent, or a source such as `/ci/jenkins`. */
  who: z.string().max(200).optional(),
  /** Names of events and of the journal's acts, separated by commas. */
  action: listField(z.enum(names as [EventName, ...EventName[]])).optional(),
  outcome: z.enum(auditOutcomes).optional(),
  /** `deliveries`: their chains alone. `journal`: what belongs to no delivery. */
  of: z.enum(["all", "deliveries", "journal"]).default("all"),
  moduleId: slug.optional(),
  environment: slug.optional(),
  releaseId: releaseNumber.optional(),
  from: time.optional(),
  to: time.optional(),
  cursor: cursorField(place).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export interface AuditPage {
  /** Newest first. */
  items: AuditItem[];
  nextCursor?: string;
}

export interface AuditItem {
  /** ISO 8601. */
  at: string;
  /** An event of a delivery, or an act in the tenant's journal. */
  name: EventName | JournalAct;
  /** Absent where it began or asked for something. */
  outcome?: AuditOutcome;
  tone: Tone;
  who: TimelineActor;
  /** One sentence. */
  what: string;
  why?: string;
  /** The delivery; absent in the journal. */
  subject?: Subject;
  moduleId?: string;
  environment?: string;
  releaseId?: string;
  /** Place in the chain of the delivery, or in the journal. */
  sequence: number;
  /** What seals it: hex SHA-256. */
  hash: string;
}

export async function searchAudit(
  system: System,
  { tenantId }: Caller,
  input: z.output<typeof searchAuditInput>,
): Promise<AuditPage> {
  const { who, action, outcome, of, cursor, limit, moduleId, environment, releaseId, from, to } = input;
  const wanted = outcome === undefined ? undefined : [...eventsOfOutcome[outcome], ...actsOfOutcome[outcome]];
  const asked = action === undefined ? wanted : action.filter((name) => wanted?.includes(name) ?? true);
  const query = {
    ...{ tenantId, limit: limit + 1 },
    ...(who !== undefined && { actor: who }),
    ...(moduleId !== undefined && { moduleId }),
    ...(environment !== undefined && { environment }),
    ...(releaseId !== undefined && { releaseId }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(cursor !== undefined && { after: cursor }),
    ...(asked !== undefined && { names: asked.filter(isEvent), acts: asked.filter(isAct) }),
  };
  const [events, entries] = await Promise.all([
    of === "journal" || query.names?.length === 0 ? [] : system.told.events(query),
    of === "deliveries" || query.acts?.length === 0 ? [] : system.told.entries(query),
  ]);
  const found = [...entries.map(fromEntry), ...events.map(fromEvent)].sort((a, b) =>
    a.place.at === b.place.at ? 0 : a.place.at < b.place.at ? 1 : -1,
  );
  const page = found.slice(0, limit);
  const last = page.at(-1)?.place;
  return {
    items: page.map(({ item }) => item),
    ...(found.length > limit && last !== undefined && { nextCursor: writeCursor(last) }),
  };
}

interface Found {
  item: AuditItem;
  place: ToldPlace;
}

function isAct(name: EventName | JournalAct): name is JournalAct {
  return Object.hasOwn(journalActs, name);
}

function isEvent(name: EventName | JournalAct): name is EventName {
  return !isAct(name);
}

function fromEvent(event: DeliveryEvent): Found {
  const { at, name, tone, who, what, why, environment, releaseId, sequence } = tellEvent(event);
  const outcome = outcomeOf(eventName(event));
  const subject = parseSubjectKey(event.subject);
  return {
    place: { at, kind: "event", subject: event.subject, sequence },
    item: {
      ...{ at, name, tone, who, what, subject, moduleId: subject.moduleId, sequence, hash: event.hash },
      ...(outcome !== undefined && { outcome }),
      ...(why !== undefined && { why }),
      ...(environment !== undefined && { environment }),
      ...(releaseId !== undefined && { releaseId }),
    },
  };
}

function fromEntry(entry: JournalEntry): Found {
  const { time: at, act: name, actor, sequence, hash } = entry;
  const outcome = outcomeOf(name);
  const kind = actor.startsWith("service:") ? "service" : actor.startsWith("agent:") ? "agent" : "person";
  return {
    place: { at, kind: "entry", sequence },
    item: {
      ...{ at, name, who: { kind, name: actor }, what: tellAct(entry), sequence, hash },
      tone: outcome === "blocked" ? "warning" : "neutral",
      ...(outcome !== undefined && { outcome }),
      ...whyOf(entry),
      ...placeOfAct(entry),
    },
  };
}

/** What somebody gave as their reason, or was refused with. */
function whyOf({ data }: JournalEntry): Pick<AuditItem, "why"> {
  const why = [data.message, data.reason].find((text) => typeof text === "string" && text !== "");
  return typeof why === "string" ? { why } : {};
}
