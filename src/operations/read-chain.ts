/**
 * The events of a delivery up to its head, for those who look again and again: a chain only grows, so what was read of it is
 * kept, and only what came since is fetched. The list is shared: nobody may change it.
 */
import { LRUCache } from "lru-cache";
import type { DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import type { DeliveryEvent } from "../domain/event/event.ts";
import { type Subject, subjectKey } from "../domain/scope.ts";
import type { EngineStore } from "../ports/engine-store.ts";

type Chain = readonly DeliveryEvent[];
type Head = DeliveryRecord["head"];
type Chains = LRUCache<string, Chain, Subject>;

/** Of all chains that are kept, together. */
const mostEvents = 10_000;
const longestChain = 2_000;
const kept = new WeakMap<EngineStore, Chains>();

export async function readChain(
  store: EngineStore,
  { subject, head }: DeliveryRecord,
): Promise<DeliveryEvent[]> {
  const key = subjectKey(subject);
  const chains = kept.get(store) ?? keepChainsOf(store);
  const known = chains.get(key);
  const chain = leadsTo(known, head)
    ? known
    : await chains.forceFetch(key, { forceRefresh: true, context: subject });
  // One that somebody else was reading already may end before ours, and another's history may have had its name.
  return (leadsTo(chain, head) ? chain : await store.events(subject)).slice(0, head.sequence);
}

function leadsTo(chain: Chain | undefined, { sequence, hash }: Head): chain is Chain {
  return chain?.[sequence - 1]?.hash === hash;
}

function keepChainsOf(store: EngineStore): Chains {
  const chains: Chains = new LRUCache({
    maxSize: mostEvents,
    maxEntrySize: longestChain,
    sizeCalculation: ({ length }) => length + 1,
    fetchMethod: (_key, before, { context }) => grown(store, context, before ?? []),
  });
  kept.set(store, chains);
  return chains;
}

/** What came since joins what is known of it; where it does not fit, all of it is read anew. */
async function grown(store: EngineStore, subject: Subject, before: Chain): Promise<Chain> {
  const last = before.at(-1);
  const more = await store.events(subject, { after: last?.sequence ?? 0 });
  if (last === undefined) return more;
  return more[0]?.prevhash === last.hash ? [...before, ...more] : store.events(subject);
}
