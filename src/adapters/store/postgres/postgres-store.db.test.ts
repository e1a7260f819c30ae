import { expect, test } from "vitest";
import { createTestDatabase } from "../../../../test/support/database.ts";
import { append, fact, newDelivery, take } from "../../../../test/support/store-steps.ts";
import { engineStoreConformance } from "../../../ports/engine-store.conformance.ts";
import { openPostgresStore } from "./postgres-store.ts";

engineStoreConformance("PostgreSQL", async () => {
  const database = await createTestDatabase();
  const store = await openPostgresStore(database);
  return {
    store,
    async die(worker) {
      await database.pool.query(
        "select pg_terminate_backend(l.pid) from pg_locks l where l.classid = 731 and l.objid = $1::int",
        [worker],
      );
    },
    async stop() {
      await store.close();
      await database.drop();
    },
  };
});

test("a step that PostgreSQL cannot write is refused, and the others of its batch are taken", async () => {
  const database = await createTestDatabase();
  const store = await openPostgresStore(database);
  const [good, bad] = [newDelivery(), newDelivery()];
  const patch = { timers: { "delivery/x": { dueAt: "no time" } } };
  const outcomes = await take(store, [
    append(good, [fact("a")], { create: true }),
    append(bad, [fact("a", { patch })], { create: true }),
    append(good, [fact("b")]),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(["done", "refused", "done"]);
  expect((await store.events(good)).map(({ id }) => id)).toEqual(["a", "b"]);
  expect(await store.load(bad)).toBeUndefined();
  await store.close();
  await database.drop();
});
