import { expect, test } from "vitest";
import { createTestDatabase } from "../../../../test/support/database.ts";
import { openDatabaseLink } from "../../../../test/support/database-link.ts";
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

test("one listening connection comes back after an outage, and says that something may have been missed", async () => {
  const database = await createTestDatabase();
  const link = await openDatabaseLink(database.url);
  const store = await openPostgresStore({ pool: database.pool, url: link.url });
  const listening = async () => {
    const { rows } = await database.pool.query<{ many: number }>(
      `select count(*)::int as many from pg_stat_activity
       where datname = current_database() and application_name = 'connectsoft notices'`,
    );
    return rows[0]?.many;
  };
  let resyncs = 0;
  store.subscribe(({ kind }) => {
    if (kind === "resync") resyncs += 1;
  });
  link.cut();
  await expect.poll(listening).toBe(0);
  await expect.poll(link.triedInVain).toBeGreaterThanOrEqual(3);
  link.mend();
  await expect.poll(() => resyncs).toBe(1);
  expect(await listening()).toBe(1);
  await store.close();
  await expect.poll(listening).toBe(0);
  await link.close();
  await database.drop();
});
