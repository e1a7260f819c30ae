/** What must hold of every delivery at every time (3-architecture, Invariants), told as problems. */
import { isDeepStrictEqual } from "node:util";
import type { DeliveryRecord } from "../../src/domain/delivery/delivery-state.ts";
import { isOver } from "../../src/domain/delivery/delivery-state.ts";
import type { FlowLookup } from "../../src/domain/delivery/evolve.ts";
import { replay } from "../../src/domain/delivery/replay.ts";
import { type DeliveryEvent, eventName, verifyChain } from "../../src/domain/event/event.ts";
import type { EngineStore } from "../../src/ports/engine-store.ts";

export interface Told {
  record: DeliveryRecord;
  /** The whole chain. */
  events: DeliveryEvent[];
}

/** Reads a delivery's chain up to the record that was read before it. */
export async function tell(
  store: Pick<EngineStore, "load" | "events">,
  subject: DeliveryRecord["subject"],
): Promise<Told> {
  const record = await store.load(subject);
  if (record === undefined) throw new Error(`there is no delivery ${subject.traceId}`);
  const events = await store.events(subject);
  return { record, events: events.filter(({ sequence }) => sequence <= record.head.sequence) };
}

export function problemsOf(told: Told, flows: FlowLookup): string[] {
  return [
    ...chainProblems(told),
    ...replayProblems(told, flows),
    ...dispatchProblems(told.events),
    ...wayOutProblems(told.record, flows),
  ].map((problem) => `${told.record.subject.traceId}: ${problem}`);
}

/** Due, with nobody who would run it: only true of a delivery at rest, with an engine at work. */
export function zombiesOf({ state, subject }: DeliveryRecord, now: string): string[] {
  const jobs = Object.values(state.invocations).filter(({ dueAt }) => dueAt !== null && dueAt <= now);
  const timers = Object.entries(state.timers).filter(([, { dueAt }]) => dueAt <= now);
  return [
    ...jobs.map(({ skillId, attempt, dueAt }) => `${skillId} attempt ${attempt} is due since ${dueAt}`),
    ...timers.map(([timer, { dueAt }]) => `timer ${timer} is due since ${dueAt}`),
  ].map((problem) => `${subject.traceId}: ${problem}`);
}

function chainProblems({ record, events }: Told): string[] {
  const verdict = verifyChain(events);
  if (!verdict.intact) return [`the chain breaks at ${verdict.sequence}: ${verdict.problem}`];
  const ids = new Set(events.map(({ id }) => id));
  return [
    ...(isDeepStrictEqual(verdict.head, record.head) ? [] : ["the record is not at the head of its chain"]),
    ...(ids.size === events.length ? [] : ["an event id stands on the chain twice"]),
  ];
}

function replayProblems({ record, events }: Told, flows: FlowLookup): string[] {
  const replayed = JSON.parse(JSON.stringify(replay(record.subject, events, flows))) as DeliveryRecord;
  return isDeepStrictEqual(replayed, JSON.parse(JSON.stringify(record)))
    ? []
    : ["its events give another record than the one that is kept"];
}

/** 2-contracts §10.6, as far as events tell: no dispatch without an approval of its own, no completion without a dispatch. */
function dispatchProblems(events: DeliveryEvent[]): string[] {
  const problems: string[] = [];
  const approved = new Map<string, number>();
  const count = (releaseId: unknown, by: number) => {
    const left = (approved.get(String(releaseId)) ?? 0) + by;
    approved.set(String(releaseId), left);
    return left;
  };
  const completed = new Map<string, number>();
  for (const event of events) {
    const name = eventName(event);
    if (name === "ReleaseApproved") count(event.data.releaseId, 1);
    if (name === "AgentInvoked" && event.skillid === "DeployRelease" && count(event.releaseid, -1) < 0)
      problems.push(`${event.releaseid} is dispatched at ${event.sequence} without an approval`);
    if (name !== "DeploymentCompleted" || event.invocationid === undefined) continue;
    const times = (completed.get(event.invocationid) ?? 0) + 1;
    completed.set(event.invocationid, times);
    if (times > 1) problems.push(`${event.invocationid} completes its deployment ${times} times`);
  }
  return problems;
}

function wayOutProblems({ state, handOver }: DeliveryRecord, flows: FlowLookup): string[] {
  if (isOver(state.phase)) return [];
  return Object.entries(state.instances).flatMap(([name, { flow, snapshot, environment }]) => {
    const environments = handOver?.environments ?? [];
    const context = environment === undefined ? { environments } : { environments, environment };
    const isFinal = snapshot.status === "done";
    const isWorked = Object.values(state.invocations).some(({ instance }) => instance === name);
    const isTimed = Object.keys(state.timers).some((timer) => timer.startsWith(`${name}/`));
    const compiled = flows(flow.digest);
    if (isFinal || isWorked || isTimed || compiled.accepts(snapshot, context).length > 0) return [];
    return [`${name} has no way out of ${compiled.active(snapshot).join(", ")}`];
  });
}
