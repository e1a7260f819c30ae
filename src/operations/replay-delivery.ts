/** Replays a delivery from its events alone and compares with what is stored; verifies the chain on the way. */
import { canonicalJson } from "../domain/canonical-json.ts";
import { type DeliveryRecord, initialState } from "../domain/delivery/delivery-state.ts";
import { evolve } from "../domain/delivery/evolve.ts";
import { type ChainVerdict, genesis, verifyChain } from "../domain/event/event.ts";
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
  for (const event of told)
    for (const key of ["flow", "environmentFlow", "flowDigest"]) {
      const value = event.data[key];
      const digest = typeof value === "object" && value !== null && "digest" in value ? value.digest : value;
      if (typeof digest === "string" && digest.startsWith("sha256:")) await system.engine.flows.fetch(digest);
    }
  let record: DeliveryRecord = { subject, head: genesis, handOver: undefined, state: initialState };
  for (const event of told) record = evolve(record, event, system.engine.flows.get).record;
  const differences = differencesOf(record, stored);
  return { events: told.length, chain: verifyChain(told), same: differences.length === 0, differences };
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
