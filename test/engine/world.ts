/** Where an engine is tried: a store, a clock, and the end of a worker's life. */
import { createMemoryStore } from "../../src/adapters/store/memory/memory-store.ts";
import { openPostgresStore } from "../../src/adapters/store/postgres/postgres-store.ts";
import { type Clock, systemClock } from "../../src/ports/clock.ts";
import type { EngineStore } from "../../src/ports/engine-store.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { createVirtualClock } from "../support/virtual-clock.ts";

export interface World {
  clock: Clock;
  /** A store as another process would open it. */
  open(): Promise<EngineStore>;
  /** For the test to look into; no fault that is tried reaches it. */
  audit(): Promise<EngineStore>;
  /** Ends a worker's life for all the others. */
  bury(worker: string): Promise<void>;
  /** Resolves when the fact is there; lets time pass meanwhile. */
  until(fact: () => Promise<boolean> | boolean): Promise<void>;
  close(): Promise<void>;
}

const patienceMs = 20_000;

export async function createVirtualWorld(): Promise<World> {
  const store = createMemoryStore();
  const clock = createVirtualClock();
  return {
    clock,
    open: async () => store,
    audit: async () => store,
    bury: async (worker) => store.kill(worker),
    until: (fact) =>
      waitFor(fact, async () => {
        for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        clock.advance(20);
      }),
    close: async () => undefined,
  };
}

/** `reach`: how the engines get to a database, where that is not directly; the database stays the caller's. */
export async function createPostgresWorld(given?: {
  home: TestDatabase;
  reach(): Pick<TestDatabase, "pool" | "url">;
}): Promise<World> {
  const home = given?.home ?? (await createTestDatabase());
  const stores: { close(): Promise<void> }[] = [];
  const openBy = async (database: Pick<TestDatabase, "pool" | "url">) => {
    const store = await openPostgresStore(database);
    stores.push(store);
    return store;
  };
  return {
    clock: systemClock,
    open: () => openBy(given?.reach() ?? home),
    audit: () => openBy(home),
    async bury(worker) {
      await home.pool.query(
        "select pg_terminate_backend(l.pid) from pg_locks l where l.classid = 731 and l.objid = $1::int",
        [worker],
      );
    },
    until: (fact) => waitFor(fact, () => new Promise((resolve) => setTimeout(resolve, 5))),
    async close() {
      for (const store of stores) await store.close();
      if (given === undefined) await home.drop();
    },
  };
}

async function waitFor(fact: () => Promise<boolean> | boolean, pass: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await fact())) {
    if (Date.now() > deadline) throw new Error(`it did not come about within ${patienceMs} ms: ${fact}`);
    await pass();
  }
}
