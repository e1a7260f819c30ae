import { expect, test } from "vitest";
import type { DeliveryEvent } from "../../../domain/event/event.ts";
import { subjectKey } from "../../../domain/scope.ts";
import type { WantedEvents } from "../../../ports/delivery-board.ts";
import { keepChains } from "./keep-chains.ts";

const wanted = (moduleId: string, head?: string): WantedEvents => ({
  subject: { tenantId: "acme", traceId: "trace-1", moduleId },
  names: ["ReleasePublished"],
  ...(head !== undefined && { head }),
});

/** What was read of it, and a chain of so many events for each. */
function reading(length = 1) {
  const read: string[] = [];
  const events = keepChains(async (asked) => {
    read.push(...asked.map(({ subject, head }) => `${subject.moduleId} ${head}`));
    return new Map(
      asked.map(({ subject, head }) => [
        subjectKey(subject),
        Array.from({ length }, () => ({ hash: head }) as DeliveryEvent),
      ]),
    );
  });
  return { read, events };
}

test("a chain is read again when it has gone on, and no other one with it", async () => {
  const { read, events } = reading();
  await events([wanted("orders", "a"), wanted("rooms", "b")]);
  const again = await events([wanted("orders", "c"), wanted("rooms", "b")]);
  expect(read).toEqual(["orders a", "rooms b", "orders c"]);
  expect([...again].map(([key, [event]]) => [key, event?.hash])).toEqual([
    ["acme/trace-1/orders", "c"],
    ["acme/trace-1/rooms", "b"],
  ]);
});

test("other names of the same chain, and a chain whose end nobody knows, are read", async () => {
  const { read, events } = reading();
  await events([wanted("orders", "a")]);
  await events([{ ...wanted("orders", "a"), names: ["ReleaseRejected"] }]);
  await events([wanted("orders")]);
  await events([wanted("orders")]);
  expect(read).toEqual(["orders a", "orders a", "orders undefined", "orders undefined"]);
});

test("what was asked for longest ago makes room", async () => {
  const { read, events } = reading(2_000);
  for (const module of ["orders", "rooms", "orders", "doors", "orders", "rooms"])
    await events([wanted(module, "a")]);
  expect(read).toEqual(["orders a", "rooms a", "doors a", "rooms a"]);
});
