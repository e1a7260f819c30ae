/**
 * The events of a delivery up to its head, for those who look again and again: a chain only grows, so what was read of it is
 * kept, and only what came since is fetched. The list is shared: nobody may change it.
 */
import type { DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import type { DeliveryEvent } from "../domain/event/event.ts";
import { subjectKey } from "../domain/scope.ts";
import type { EngineStore } from "../ports/engine-store.ts";

type Chain = readonly DeliveryEvent[];

/** Of all chains that are kept, together. */
const mostEvents = 10_000;
const longestChain = 2_000;
const kept = new WeakMap<EngineStore, Map<string, Promise<Chain>>>();

export async function readChain(
  store: EngineStore,
  { subject, head }: DeliveryRecord,
): Promise<DeliveryEvent[]> {
  const chains = kept.get(store) ?? new Map<string, Promise<Chain>>();
  kept.set(store, chains);
  const key = subjectKey(subject);
  const known = chains.get(key);
  const reading = grown(store, { subject, head }, known);
  chains.delete(key);
  chains.set(key, reading);
  try {
    const chain = await reading;
    await makeRoom(chains);
    return chain.slice(0, head.sequence);
  } catch (error) {
    if (chains.get(key) === reading) chains.delete(key);
    throw error;
  }
}

/** A chain that does not lead to the head was not read to its end, or is another's: all of it is read anew. */
async function grown(
  store: EngineStore,
  { subject, head }: Pick<DeliveryRecord, "subject" | "head">,
  known: Promise<Chain> | undefined,
): Promise<Chain> {
  const before = (await known?.catch(() => undefined)) ?? [];
  if (before[head.sequence - 1]?.hash === head.hash) return before;
  const after = before.length < head.sequence ? (before.at(-1)?.sequence ?? 0) : 0;
  const more = await store.events(subject, { after });
  const chain = [...before.slice(0, after), ...more];
  const fits =
    chain[head.sequence - 1]?.hash === head.hash &&
    more[0]?.prevhash === (before[after - 1]?.hash ?? more[0]?.prevhash);
  return fits ? chain : store.events(subject);
}

/** What was looked at longest ago goes first. */
async function makeRoom(chains: Map<string, Promise<Chain>>): Promise<void> {
  let events = 0;
  for (const [key, reading] of [...chains].reverse()) {
    const { length } = await reading.catch(() => []);
    if (length > longestChain || events + length > mostEvents) chains.delete(key);
    else events += length;
  }
}
