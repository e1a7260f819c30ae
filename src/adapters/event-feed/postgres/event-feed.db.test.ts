import type { PoolClient } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../test/support/database.ts";
import type { EventFeed, FeedEvent, FeedItem } from "../../../ports/event-feed.ts";
import { createEventFeed } from "./create-event-feed.ts";

let database: TestDatabase;
let feed: EventFeed;
let committed: () => void;
let ends: AbortController[];

beforeEach(async () => {
  database = await createTestDatabase();
  ends = [];
  feed = createEventFeed({
    pool: database.pool,
    subscribe(listener) {
      committed = () => listener({ kind: "resync" });
      return () => undefined;
    },
  });
});
afterEach(async () => {
  for (const end of ends) end.abort();
  await feed.close();
  await database.drop();
});

async function write(client: Pick<PoolClient, "query">, subject: string, ...sequences: number[]) {
  const [tenantid, traceid, moduleid] = subject.split("/");
  await client.query(
    `insert into connectsoft.deliveries
       (subject, tenant_id, trace_id, module_id, phase, sequence, hash, state, active, created_at, updated_at)
     values ($1, $2, $3, $4, 'open', 0, '', '{}', '{"delivery": ["code"]}', now(), now()) on conflict do nothing`,
    [subject, tenantid, traceid, moduleid],
  );
  for (const sequence of sequences) {
    const time = "2026-01-01T00:00:00.000Z";
    const body = JSON.stringify({ tenantid, traceid, moduleid, sequence, time, environment: "staging" });
    await client.query(
      `insert into connectsoft.events (subject, sequence, event_id, name, body) values ($1, $2, $3, 'ModuleReady', $4)`,
      [subject, sequence, `${subject}-${sequence}`, body],
    );
  }
}

/** What a follower was told so far, and how to stop it. */
async function follow(tenantId: string, after?: string) {
  const end = new AbortController();
  ends.push(end);
  const items: FeedItem[] = [];
  const done = (async () => {
    for await (const item of feed.follow(tenantId, { after, signal: end.signal })) items.push(...item);
  })();
  const told = () => items.flatMap((item) => (item.kind === "event" ? [item.event] : []));
  await expect.poll(() => items.some(({ kind }) => kind === "reached")).toBe(true);
  return { told, items, done, stop: () => end.abort() };
}
const names = (events: FeedEvent[]) =>
  events.map(({ subject, sequence }) => `${subject.traceId}#${sequence}`);

describe("a tenant's events", () => {
  test("are told live, with what a list needs, and of no other tenant", async () => {
    const { told } = await follow("acme");
    await write(database.pool, "globex/trace-g/shop", 1);
    await write(database.pool, "acme/trace-a/shop", 1);
    committed();
    await expect.poll(() => names(told())).toEqual(["trace-a#1"]);
    expect(told()[0]).toEqual({
      position: expect.stringMatching(/^\d+\.1$/),
      subject: { tenantId: "acme", traceId: "trace-a", moduleId: "shop" },
      sequence: 1,
      name: "ModuleReady",
      time: "2026-01-01T00:00:00.000Z",
      environment: "staging",
      phase: "open",
      active: { delivery: ["code"] },
    });
  });

  test("that are committed in another order than they were begun in are all told, in one order for everybody", async () => {
    const live = await follow("acme");
    const [slow, fast] = [await database.pool.connect(), await database.pool.connect()];
    try {
      await slow.query("begin");
      await write(slow, "acme/trace-slow/shop", 1, 2);
      await fast.query("begin");
      await write(fast, "acme/trace-fast/shop", 1, 2, 3);
      await fast.query("commit");
      committed();
      const page = await feed.page("acme", { limit: 100 });
      expect(page.events).toEqual([]);
      // Whoever asks behind that place later misses nothing of the slow one.
      await slow.query("commit");
      committed();
      const all = ["trace-slow#1", "trace-slow#2", "trace-fast#1", "trace-fast#2", "trace-fast#3"];
      await expect.poll(() => names(live.told())).toEqual(all);
      expect(names((await feed.page("acme", { after: page.next, limit: 100 })).events)).toEqual(all);
    } finally {
      slow.release();
      fast.release();
    }
  });

  test("go on behind any of them, from memory and from the database alike", async () => {
    const first = await follow("acme");
    await Promise.all(
      Array.from({ length: 20 }, async (_none, index) => {
        const client = await database.pool.connect();
        await client.query("begin");
        await write(client, `acme/trace-${index}/shop`, 1, 2, 3);
        await client.query("commit");
        client.release();
      }),
    );
    committed();
    await expect.poll(() => first.told().length).toBe(60);
    const all = first.told();
    const positions = all.map(({ position }) => position);
    expect(new Set(positions).size).toBe(60);
    const cuts = [0, 1, 17, 30, 58];
    for (const cut of cuts) {
      const again = await follow("acme", positions[cut]);
      await expect.poll(() => names(again.told())).toEqual(names(all.slice(cut + 1)));
      again.stop();
      await again.done;
    }
    first.stop();
    await first.done;
    // Nobody follows any more: what comes now is in nobody's memory.
    await write(database.pool, "acme/trace-later/shop", 1);
    for (const cut of cuts) {
      const again = await follow("acme", positions[cut]);
      await expect.poll(() => names(again.told())).toEqual([...names(all.slice(cut + 1)), "trace-later#1"]);
      again.stop();
      await again.done;
    }
  });

  test("wait for a slow reader only so long: it is left behind, and comes back where it was", async () => {
    const end = new AbortController();
    ends.push(end);
    const slow = feed.follow("acme", { signal: end.signal })[Symbol.asyncIterator]();
    const [reached] = (await slow.next()).value as FeedItem[];
    const quick = await follow("acme");
    const sequences = Array.from({ length: 2_500 }, (_none, index) => index + 1);
    const client = await database.pool.connect();
    await client.query("begin");
    await write(client, "acme/trace-long/shop", ...sequences);
    await client.query("commit");
    client.release();
    committed();
    await expect.poll(() => quick.told().length).toBe(2_500);
    expect((await slow.next()).value).toEqual([{ kind: "behind" }]);
    expect((await slow.next()).done).toBe(true);
    const position = reached?.kind === "reached" ? reached.position : "";
    const back = await follow("acme", position);
    await expect.poll(() => back.told().length).toBe(2_500);
    expect(names(back.told())).toEqual(names(quick.told()));
  });

  test("that were restored from a database that was further on do not stand in the way of what comes", async () => {
    await write(database.pool, "acme/trace-old/shop", 1, 2);
    await database.pool.query("update connectsoft.events set xid = '999999999999'");
    const { told } = await follow("acme");
    await write(database.pool, "acme/trace-new/shop", 1);
    committed();
    await expect.poll(() => names(told())).toEqual(["trace-new#1"]);
    const { rows } = await database.pool.query("select from connectsoft.events where xid is null");
    expect(rows).toHaveLength(2);
  });

  test("of another database are not mixed up with these: the reader is told to begin again", async () => {
    const { items } = await follow("acme", "999999999999.1");
    expect(items.map(({ kind }) => kind)).toEqual(["reset", "reached"]);
  });
});
