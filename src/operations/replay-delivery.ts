/** Replays a delivery from its events alone and compares with what is stored; verifies the chain on the way. */
import { canonicalJson } from "../domain/canonical-json.ts";
import type { DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import { flowsOf, replay } from "../domain/delivery/replay.ts";
import { type ChainVerdict, type DeliveryEvent, verifyChain } from "../domain/event/event.ts";
import type { Subject } from "../domain/scope.ts";
import { findDelivery } from "./find-delivery.ts";
import type { Caller, System } from "./system.ts";

export interface Replay {
  events: number;
  chain: ChainVerdict;
  /** Whether the replayed state is the stored one, byte by byte in canonical JSON. */
  same: boolean;
  /** Top-level parts of the state that differ. */
  differences: string[];
}

export async function replayDelivery(system: System, caller: Caller, subject: Subject): Promise<Replay> {
  const stored = await findDelivery(system, caller, subject);
  const events = await system.store.events(subject);
  // Steps may have been added since it was loaded: what is compared must end at the same event.
  const told = events.filter((event) => event.sequence <= stored.head.sequence);
  for (const digest of flowsOf(told)) await system.engine.flows.fetch(digest);
  const record = replay(subject, told, system.engine.flows.get);
  const chain = (await findStray(system, subject, events)) ?? verifyChain(told);
  const differences = differencesOf(record, stored);
  return { events: told.length, chain, same: differences.length === 0, differences };
}

/** An event that stands behind the end of the chain also once the delivery is looked at again: no step put it there. */
async function findStray(
  system: System,
  subject: Subject,
  events: readonly DeliveryEvent[],
): Promise<ChainVerdict | undefined> {
  const end = (await system.store.load(subject))?.head.sequence ?? 0;
  const stray = events.find(({ sequence }) => sequence > end);
  if (stray === undefined) return undefined;
  const problem = `stands after the end of the chain, which is event ${end}: no step put it there`;
  return { intact: false, sequence: stray.sequence, problem };
}

function differencesOf(replayed: DeliveryRecord, stored: DeliveryRecord): string[] {
  const parts = (record: DeliveryRecord) => ({
    head: record.head,
    handOver: record.handOver,
    ...record.state,
  });
  const [left, right] = [parts(replayed), parts(stored)];
  return (Object.keys(right) as (keyof typeof right)[]).filter(
    (key) => textOf(left[key]) !== textOf(right[key]),
  );
}

function textOf(value: unknown): string {
  return value === undefined ? "" : canonicalJson(value);
}
