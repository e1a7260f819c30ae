import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../../../../test/support/database.ts";
import { verifyJournal } from "../../../domain/journal/journal-entry.ts";
import { systemClock } from "../../../ports/clock.ts";
import type { Journal } from "../../../ports/journal.ts";
import { createPostgresJournal } from "./postgres-journal.ts";

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let journal: Journal;
beforeAll(async () => {
  database = await createTestDatabase();
  journal = createPostgresJournal(database.pool, systemClock);
});
afterAll(() => database.drop());

const denied = (actor: string) => ({ act: "AccessDenied" as const, actor, data: { action: "approve" } });

test("a tenant without entries has an empty journal", async () => {
  expect(await journal.read("nobody")).toEqual([]);
  expect(await journal.append("nobody", [])).toEqual([]);
});

test("writers at the same time make one chain without gaps, each tenant its own", async () => {
  const writers = Array.from({ length: 30 }, (_, number) =>
    journal.append(number % 3 === 0 ? "globex" : "acme", [denied(`a${number}`), denied(`b${number}`)]),
  );
  await Promise.all(writers);
  const acme = await journal.read("acme");
  expect(acme).toHaveLength(40);
  expect(verifyJournal(acme)).toMatchObject({ intact: true, head: { sequence: 40 } });
  expect(verifyJournal(await journal.read("globex"))).toMatchObject({ intact: true, head: { sequence: 20 } });
});

test("writers at the same time share a transaction, and one that cannot be written stops no other", async () => {
  const spent: Promise<unknown>[] = [];
  const counting = new Proxy(database.pool, {
    get(pool, name, receiver) {
      if (name !== "connect") return Reflect.get(pool, name, receiver);
      return () => {
        const client = pool.connect();
        spent.push(client);
        return client;
      };
    },
  });
  const busy = createPostgresJournal(counting, systemClock);
  const many = Array.from({ length: 300 }, (_, number) => busy.append("umbrella", [denied(`w${number}`)]));
  const entries = (await Promise.all(many)).flat();
  expect(entries.map(({ sequence, actor }) => [sequence, actor])).toEqual(
    Array.from({ length: 300 }, (_, number) => [number + 1, `w${number}`]),
  );
  expect(spent.length).toBeLessThan(5);
  const [good, bad, last] = await Promise.allSettled(
    ["first", "no text of PostgreSQL: \u0000", "last"].map((actor) =>
      busy.append("umbrella", [denied(actor)]),
    ),
  );
  expect([good?.status, bad?.status, last?.status]).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(verifyJournal(await journal.read("umbrella"))).toMatchObject({
    intact: true,
    head: { sequence: 302 },
  });
});

test("what was written is read back as it was, page by page", async () => {
  const data = { words: "päper\u0000less \u2028 'quoted'", nested: { list: [1, null, true] } };
  const [written] = await journal.append("initech", [{ act: "AccessPermitted", actor: "jane", data }]);
  await journal.append("initech", [denied("max"), denied("ada")]);
  expect(await journal.read("initech", { limit: 1 })).toEqual([written]);
  expect((await journal.read("initech", { after: 1 })).map(({ actor }) => actor)).toEqual(["max", "ada"]);
});

test("an entry that was changed, left out or put in another's place is seen", async () => {
  const entries = await journal.read("acme");
  const changed = entries.map((entry) => (entry.sequence === 7 ? { ...entry, actor: "mallory" } : entry));
  expect(verifyJournal(changed)).toMatchObject({ intact: false, sequence: 7 });
  expect(verifyJournal(entries.toSpliced(4, 1))).toMatchObject({ intact: false, sequence: 6 });
  expect(verifyJournal([...entries.slice(1, 2), ...entries.slice(0, 1)])).toMatchObject({ intact: false });
});
