/** The board: deliveries by what people look for, a page at a time, with how many there are in each state. */
import { z } from "zod";
import { cardOf } from "../../domain/delivery/delivery-card.ts";
import { explain } from "../../domain/delivery/explain.ts";
import type { Explanation } from "../../domain/delivery/situation.ts";
import {
  type ShownState,
  type StateWord,
  shownState,
  stateWords,
} from "../../domain/delivery/state-words.ts";
import { type DeliveryEvent, eventName } from "../../domain/event/event.ts";
import type { EventName } from "../../domain/event/event-catalogue.ts";
import { type Subject, slug, subjectKey, traceSlug } from "../../domain/scope.ts";
import type { BoardRow } from "../../ports/delivery-board.ts";
import { fetchFlows } from "../find-delivery.ts";
import type { Caller, System } from "../system.ts";
import { cursorField, listField, writeCursor } from "./page.ts";
import { findTeam } from "./teams.ts";

const time = z.iso.datetime({ offset: true });

export const searchDeliveriesInput = z.object({
  /** Words that stand in the module, the trace, the version or the sponsor. */
  q: z.string().max(200).optional(),
  /** Separated by commas. */
  state: listField(z.enum(stateWords as [StateWord, ...StateWord[]])).optional(),
  environment: slug.optional(),
  moduleId: slug.optional(),
  traceId: traceSlug.optional(),
  sponsor: z.string().max(200).optional(),
  /** A team of tenant.yaml: its modules, and what its members handed over. */
  team: slug.optional(),
  from: time.optional(),
  to: time.optional(),
  cursor: cursorField(z.tuple([z.string(), z.string()])).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export interface DeliveryPage {
  /** Newest first. */
  items: DeliveryItem[];
  /** Asks for the page after; absent on the last one. */
  nextCursor?: string;
  /** Of everything that the filter finds, whatever states it names; states without any are left out. */
  counts: Partial<Record<StateWord, number>>;
  /** The same with how each is shown, the most urgent first; with those that the filter names, whether or not there are any. */
  states: CountedState[];
}

export interface CountedState extends ShownState {
  count: number;
}

export interface DeliveryItem {
  subject: Subject;
  version: string;
  state: ShownState;
  /** The promotion path; `places` has those of it that the delivery has come to. */
  environments: string[];
  places: DeliveryPlace[];
  /** Where it stands or why it waits, one sentence. */
  sentence: string;
  /** Whom or what it waits for in few words; absent where it waits for nobody. */
  waitsFor?: string;
  sponsor: string;
  /** ISO 8601. */
  startedAt: string;
  changedAt: string;
  compliance: boolean;
  /** Sequence of its newest event. */
  sequence: number;
}

export interface DeliveryPlace {
  environment: string;
  state: ShownState;
  /** ISO 8601. */
  since: string;
  releaseId?: string;
  /** Where it serves. */
  url?: string;
}

export async function searchDeliveries(
  system: System,
  caller: Caller,
  input: z.output<typeof searchDeliveriesInput>,
): Promise<DeliveryPage> {
  const { q, state, cursor, limit, team: named, ...filter } = input;
  const team = named === undefined ? undefined : await findTeam(system, caller, named);
  const words = q?.split(/\s+/).filter((word) => word !== "");
  const asked = {
    ...present(filter),
    tenantId: caller.tenantId,
    ...(words !== undefined && { words }),
    ...(team !== undefined && { team }),
  };
  const [rows, counts] = await Promise.all([
    system.board.search({
      ...asked,
      limit: limit + 1,
      ...(state !== undefined && { states: state }),
      ...(cursor !== undefined && { after: { createdAt: cursor[0], subject: cursor[1] } }),
    }),
    system.board.counts(asked),
  ]);
  const page = rows.slice(0, limit);
  const chains = await system.board.events(
    page.map(({ record }) => ({ subject: record.subject, names: namesFor(cardOf(record).state) })),
  );
  const last = page.at(-1);
  return {
    items: await Promise.all(
      page.map((row) => itemOf(system, row, chains.get(subjectKey(row.record.subject)) ?? [])),
    ),
    ...(rows.length > limit &&
      last !== undefined && { nextCursor: writeCursor([last.createdAt, subjectKey(last.record.subject)]) }),
    counts,
    states: stateWords
      .filter((word) => (counts[word] ?? 0) > 0 || state?.includes(word))
      .map((word) => ({ ...shownState(word), count: counts[word] ?? 0 })),
  };
}

/** Of one where nobody is at work, its ends explain it; else also the work. */
function namesFor(state: StateWord): EventName[] {
  return settled.has(state) ? ends : [...ends, "AgentCompleted", "AgentInvoked"];
}

const settled: ReadonlySet<StateWord> = new Set<StateWord>([
  "cancelled",
  "completed",
  "destroyed",
  "live",
  "rejected",
  "replaced",
  "revoked",
  "rolled-back",
  "superseded",
]);

const ends: EventName[] = [
  "AgentFailed",
  "ApprovalGranted",
  "ApprovalRequested",
  "DeliveryCancelled",
  "DeliverySuperseded",
  "DeploymentCompleted",
  "DeploymentFailed",
  "EnvironmentDestroyed",
  "EscalationRaised",
  "PullRequestCreated",
  "ReleaseDelayed",
  "ReleasePublished",
  "ReleaseRejected",
  "ReleaseReplaced",
  "ReleaseRestored",
  "ReleaseRevoked",
  "RollbackCompleted",
  "RollbackFailed",
  "RollbackRequested",
  "RollbackTriggered",
];

async function itemOf(
  system: System,
  { record, createdAt, updatedAt }: BoardRow,
  events: DeliveryEvent[],
): Promise<DeliveryItem> {
  const card = cardOf(record);
  await fetchFlows(system, record);
  const look = { flows: system.engine.flows.get, now: system.clock.now().toISOString() };
  const told = explain({ record, events }, look);
  const waitsFor = awaited(told);
  return {
    subject: record.subject,
    version: card.version,
    state: shownState(card.state),
    environments: record.handOver?.environments ?? [],
    places: card.places.map(({ state, ...place }) => {
      const url = state === "live" ? addressIn(place.environment, events) : undefined;
      return { ...place, state: shownState(state), ...(url !== undefined && { url }) };
    }),
    sentence: told.sentence,
    ...(waitsFor !== undefined && { waitsFor }),
    sponsor: card.sponsor,
    startedAt: new Date(createdAt).toISOString(),
    changedAt: updatedAt,
    compliance: record.handOver?.complianceMode === true,
    sequence: record.head.sequence,
  };
}

function awaited({ kind, sentence, situations }: Explanation): string | undefined {
  if (kind === "live" || kind === "published" || kind === "over") return undefined;
  return situations.find((one) => one.sentence === sentence)?.on;
}

function addressIn(environment: string, events: DeliveryEvent[]): string | undefined {
  const deployed = events.findLast(
    (event) => event.environment === environment && eventName(event) === "DeploymentCompleted",
  );
  return typeof deployed?.data.url === "string" ? deployed.data.url : undefined;
}

function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
