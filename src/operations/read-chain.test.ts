import { expect, test } from "vitest";
import type { DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import type { DeliveryEvent } from "../domain/event/event.ts";
import type { EngineStore } from "../ports/engine-store.ts";
import { readChain } from "./read-chain.ts";

const subject = { tenantId: "acme", traceId: "trace-1", moduleId: "orders" };

/** A chain that grows, and after which event each question to it asked. */
function growing(length: number) {
  const chain = eventsOf("a", length);
  const asked: number[] = [];
  const store = {
    events: async (_subject: unknown, { after = 0 }: { after?: number } = {}) => {
      asked.push(after);
      return chain.slice(after);
    },
  } as unknown as EngineStore;
  const at = (sequence: number) =>
    ({ subject, head: { sequence, hash: chain[sequence - 1]?.hash } }) as DeliveryRecord;
  return { chain, asked, store, at };
}

function eventsOf(name: string, length: number): DeliveryEvent[] {
  return Array.from(
    { length },
    (_, index) =>
      ({
        sequence: index + 1,
        hash: `${name}${index + 1}`,
        prevhash: index === 0 ? "" : `${name}${index}`,
      }) as DeliveryEvent,
  );
}

const hashes = (events: DeliveryEvent[]) => events.map(({ hash }) => hash);

test("only what came since is read", async () => {
  const { chain, asked, store, at } = growing(3);
  expect(hashes(await readChain(store, at(3)))).toEqual(["a1", "a2", "a3"]);
  chain.push(...eventsOf("a", 5).slice(3));
  expect(hashes(await readChain(store, at(5)))).toEqual(["a1", "a2", "a3", "a4", "a5"]);
  expect(hashes(await readChain(store, at(4)))).toEqual(["a1", "a2", "a3", "a4"]);
  expect(asked).toEqual([0, 3]);
});

test("who asks at once shares one reading", async () => {
  const { asked, store, at } = growing(3);
  const both = await Promise.all([readChain(store, at(3)), readChain(store, at(2))]);
  expect(both.map((events) => events.length)).toEqual([3, 2]);
  expect(asked).toEqual([0]);
});

test("another history of the same name is read from its beginning", async () => {
  const { chain, store, at } = growing(3);
  await readChain(store, at(3));
  chain.splice(0, chain.length, ...eventsOf("b", 4));
  expect(hashes(await readChain(store, at(4)))).toEqual(["b1", "b2", "b3", "b4"]);
});

test("a chain that could not be read is asked for again", async () => {
  const { store, at } = growing(1);
  const { events } = store;
  store.events = async () => {
    throw new Error("the database is away");
  };
  await expect(readChain(store, at(1))).rejects.toThrow("the database is away");
  store.events = events;
  expect(hashes(await readChain(store, at(1)))).toEqual(["a1"]);
});
