import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../test/support/database.ts";
import {
  append,
  decisionOf,
  fact,
  newDelivery,
  take,
  writing,
} from "../../../../test/support/store-steps.ts";
import { verifyChain } from "../../../domain/event/event.ts";
import { openPostgresStore, type PostgresStore } from "./postgres-store.ts";

let database: TestDatabase;
let here: PostgresStore;
let elsewhere: PostgresStore;

beforeAll(async () => {
  database = await createTestDatabase();
  here = await openPostgresStore(database);
  elsewhere = await openPostgresStore(database);
});

afterAll(async () => {
  await Promise.all([here.close(), elsewhere.close()]);
  await database.drop();
});

test("a step on a record that another process has moved on builds on what that one left", async () => {
  const delivery = newDelivery();
  await take(here, [append(delivery, [fact("a")], { create: true })]);
  await take(elsewhere, [append(delivery, [fact("b", { patch: { step: 7 } })])]);
  const [outcome] = await take(here, [append(delivery, [fact("c")])]);
  expect(decisionOf(outcome).record).toMatchObject({ head: { sequence: 3 }, state: { step: 7 } });
  const events = await here.events(delivery);
  expect(events.map(({ id }) => id)).toEqual(["a", "b", "c"]);
  expect(verifyChain(events).intact).toBe(true);
});

test("a fact that another process has stated already is dropped here too", async () => {
  const delivery = newDelivery();
  await take(here, [append(delivery, [fact("a")], { create: true })]);
  await take(elsewhere, [append(delivery, [fact("b")])]);
  await take(here, [append(delivery, [fact("b"), fact("c")])]);
  await take(here, [append(delivery, [fact("c")])]);
  expect((await here.events(delivery)).map(({ id }) => id)).toEqual(["a", "b", "c"]);
});

test("a batch with one record that was moved on elsewhere writes each delivery's facts and artifacts once", async () => {
  const [moved, still] = [newDelivery(), newDelivery()];
  await take(
    here,
    [moved, still].map((one) => append(one, [fact("a")], { create: true })),
  );
  await take(elsewhere, [append(moved, [fact("b")])]);
  await take(
    here,
    [moved, still].map((one) => append(one, [writing(`memory/${one.traceId}`, 1, '"x"\u001e{y}')])),
  );
  expect((await here.events(moved)).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  expect((await here.events(still)).map(({ sequence }) => sequence)).toEqual([1, 2]);
  const kept = await here.artifact({ tenantId: still.tenantId, path: `memory/${still.traceId}` });
  expect(kept?.content).toBe('"x"\u001e{y}');
});

test("two processes that write the same deliveries in opposite order lose nothing and leave gapless chains", async () => {
  const deliveries = Array.from({ length: 20 }, newDelivery);
  await take(
    here,
    deliveries.map((one) => append(one, [fact("start")], { create: true })),
  );
  await take(
    elsewhere,
    deliveries.map((one) => append(one, [fact("second")])),
  );
  const rounds = Array.from({ length: 10 }, (_, round) => round);
  await Promise.all(
    rounds.flatMap((round) => [
      take(
        here,
        deliveries.map((one) => append(one, [fact(`here-${round}`)])),
      ),
      take(
        elsewhere,
        deliveries.toReversed().map((one) => append(one, [fact(`elsewhere-${round}`)])),
      ),
    ]),
  );
  for (const delivery of deliveries) {
    const events = await here.events(delivery);
    expect(verifyChain(events)).toMatchObject({ intact: true, head: { sequence: 22 } });
    expect(new Set(events.map(({ id }) => id)).size).toBe(22);
  }
});

test("text that holds the separator of the statement comes back as it was", async () => {
  const delivery = newDelivery();
  const odd = { note: '\u001e,{}\\"\u0001 \u20ac', patch: { step: 3 } };
  await take(here, [append(delivery, [fact("a", odd), fact("b", odd)], { create: true })]);
  await take(here, [append(delivery, [fact("c", odd)])]);
  const events = await elsewhere.events(delivery);
  expect(events.map(({ data }) => data.note)).toEqual([odd.note, odd.note, odd.note]);
  expect(verifyChain(events).intact).toBe(true);
});
