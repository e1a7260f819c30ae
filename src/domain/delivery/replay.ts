/** Replays a delivery from its chain: the events alone give the record that the store keeps. */
import { type DeliveryEvent, eventName, genesis } from "../event/event.ts";
import type { Subject } from "../scope.ts";
import { type DeliveryRecord, initialState } from "./delivery-state.ts";
import { evolve, type FlowLookup } from "./evolve.ts";

/** `events` in the order of the chain, from its first; as many of them as the record shall know. */
export function replay(subject: Subject, events: DeliveryEvent[], flows: FlowLookup): DeliveryRecord {
  const fresh: DeliveryRecord = { subject, head: genesis, handOver: undefined, state: initialState };
  return events.reduce((record, event) => evolve(record, event, flows).record, fresh);
}

/** Digests of the flows that a replay needs. */
export function flowsOf(events: DeliveryEvent[]): string[] {
  const digests = events.flatMap((event) => {
    const { flowDigest, flow, environmentFlow } = event.data;
    if (eventName(event) === "FlowStarted") return [flowDigest];
    return eventName(event) === "ModuleReady" ? [digestIn(flow), digestIn(environmentFlow)] : [];
  });
  return [...new Set(digests.filter((digest) => typeof digest === "string"))];
}

function digestIn(flow: unknown): unknown {
  return typeof flow === "object" && flow !== null && "digest" in flow ? flow.digest : undefined;
}
