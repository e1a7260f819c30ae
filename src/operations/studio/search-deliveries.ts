/** The board: deliveries by what people look for, a page at a time. */
import { z } from "zod";
import { cardOf } from "../../domain/delivery/delivery-card.ts";
import { explain } from "../../domain/delivery/explain.ts";
import type { Explanation } from "../../domain/delivery/situation.ts";
import { type ShownState, type StateWord, shownState } from "../../domain/delivery/state-words.ts";
import { type DeliveryEvent, eventName } from "../../domain/event/event.ts";
import type { EventName } from "../../domain/event/event-catalogue.ts";
import { type Subject, subjectKey } from "../../domain/scope.ts";
import type { BoardRow } from "../../ports/delivery-board.ts";
import { fetchFlows } from "../find-delivery.ts";
import type { Caller, System } from "../system.ts";
import { boardFilterInput, readFilter } from "./board-filter.ts";
import { cursorField, writeCursor } from "./page.ts";

export const searchDeliveriesInput = boardFilterInput.extend({
  cursor: cursorField(z.tuple([z.string(), z.string()])).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export interface DeliveryPage {
  /** Newest first. */
  items: DeliveryItem[];
  /** Asks for the page after; absent on the last one. */
  nextCursor?: string;
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
  { cursor, limit, ...filter }: z.output<typeof searchDeliveriesInput>,
): Promise<DeliveryPage> {
  const rows = await system.board.search({
    ...(await readFilter(system, caller, filter)),
    limit: limit + 1,
    ...(cursor !== undefined && { after: { createdAt: cursor[0], subject: cursor[1] } }),
  });
  const page = rows.slice(0, limit);
  const chains = await system.board.events(
    page.map(({ record }) => ({
      ...{ subject: record.subject, names: namesFor(cardOf(record).state) },
      head: record.head.hash,
    })),
  );
  const last = page.at(-1);
  return {
    items: await Promise.all(
      page.map((row) => itemOf(system, row, chains.get(subjectKey(row.record.subject)) ?? [])),
    ),
    ...(rows.length > limit &&
      last !== undefined && { nextCursor: writeCursor([last.createdAt, subjectKey(last.record.subject)]) }),
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
  events: readonly DeliveryEvent[],
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

function addressIn(environment: string, events: readonly DeliveryEvent[]): string | undefined {
  const deployed = events.findLast(
    (event) => event.environment === environment && eventName(event) === "DeploymentCompleted",
  );
  return typeof deployed?.data.url === "string" ? deployed.data.url : undefined;
}
