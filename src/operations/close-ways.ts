/** Closes the ways on that a reader may not go, with the reason that going it would be refused with. */
import type { Action } from "../domain/access/actions.ts";
import type { DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import type { Situation } from "../domain/delivery/situation.ts";
import type { WayOn } from "../domain/delivery/way-on.ts";
import type { DeliveryEvent } from "../domain/event/event.ts";
import type { EventName } from "../domain/event/event-catalogue.ts";
import { mayDoEach, type Possibility } from "./access/may-do.ts";
import type { Wish } from "./access/question-of.ts";
import { mayVote } from "./decisions/may-vote.ts";
import { openReleasesOf } from "./decisions/open-releases.ts";
import { describe } from "./list-pending.ts";
import { isOwnChange } from "./own-change.ts";
import { ruleOf, type SendableName } from "./send-event.ts";
import type { Caller, System } from "./system.ts";

interface Standing {
  record: DeliveryRecord;
  /** Its whole chain. */
  events: readonly DeliveryEvent[];
  situations: Situation[];
}

export async function closeWays(
  system: System,
  caller: Caller,
  { record, events, situations }: Standing,
): Promise<Situation[]> {
  const acts = situations.flatMap((situation) =>
    situation.ways.filter(({ event }) => !(event in votes)).map((way) => ({ situation, way })),
  );
  const own = await isOwnChange(system, record, { person: caller.person, chain: events });
  const wishes = acts.map(({ situation, way }) => ({
    ...wishOf(way, situation),
    ...record.subject,
    ...(way.event === "HotfixApproved" && { own }),
  }));
  const [ofActs, ofVotes] = await Promise.all([
    mayDoEach(system, caller, wishes),
    votesPossible(system, caller, { record, events, situations }),
  ]);
  const found = new Map<WayOn, Possibility>(ofVotes);
  for (const [index, { way }] of acts.entries()) found.set(way, ofActs[index] ?? { allowed: false });
  return situations.map((situation) => ({
    ...situation,
    ways: situation.ways.map((way) => ({ ...way, ...closedBy(found.get(way)) })),
  }));
}

const votes: Partial<Record<EventName, "approve" | "reject">> = {
  ApprovalGranted: "approve",
  ApprovalRefused: "reject",
};

async function votesPossible(
  system: System,
  caller: Caller,
  { record, events, situations }: Standing,
): Promise<[WayOn, Possibility][]> {
  const asked = situations.filter(({ ways }) => ways.some(({ event }) => event in votes));
  if (asked.length === 0) return [];
  const waiting = (await openReleasesOf(system, record, events)).map((open) => describe(caller, open));
  const found = asked.flatMap(({ releaseId, ways }) =>
    ways.map(async (way): Promise<[WayOn, Possibility][]> => {
      const pending = waiting.find((one) => one.releaseId === releaseId);
      const action = votes[way.event];
      if (pending === undefined || action === undefined) return [];
      return [[way, await mayVote(system, caller, { pending, action })]];
    }),
  );
  return (await Promise.all(found)).flat();
}

/** What going a way takes; all but a rollback are sent as the event itself. */
function wishOf({ event }: WayOn, { environment, releaseId }: Situation): Wish {
  const { action, concerns } = rules(event);
  return concerns === "environment" && environment !== undefined
    ? { action, environment, releaseId }
    : { action };
}

function rules(event: EventName): { action: Action; concerns: string } {
  return event === "RollbackRequested"
    ? { action: "rollback", concerns: "environment" }
    : ruleOf(event as SendableName);
}

function closedBy(possibility: Possibility | undefined): Pick<WayOn, "closed"> {
  if (possibility === undefined || possibility.allowed) return {};
  const { why = "It is not for you.", next } = possibility;
  return { closed: { why, ...(next !== undefined && { next }) } };
}
