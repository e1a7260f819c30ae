/**
 * One reader of the database for all followers of this process, for as long as there are any. What it read last is kept, so
 * that followers who come back together after a cut find it in memory.
 */
import type { Pool } from "pg";
import type { StoreNotice } from "../../../ports/engine-store.ts";
import type { EventFeed, FeedItem } from "../../../ports/event-feed.ts";
import { createBell } from "./bell.ts";
import { isBehind, type Position, positionText, readPosition } from "./position.ts";
import { type Cursor, forgetRestored, readSettled, type SettledEvent } from "./read-feed.ts";
import { createSubscriber, type Subscriber } from "./subscriber.ts";

export interface EventFeedOptions {
  pool: Pool;
  /** Notices of commits; they only hasten what looking finds. */
  subscribe(listener: (notice: StoreNotice) => void): () => void;
}

/** Who has come to `from` by themselves may be further on than what everybody is told next. */
interface Follower {
  from: Position;
  queue: Subscriber;
}

interface Told {
  tenantId: string;
  at: Position;
  item: Extract<FeedItem, { kind: "event" }>;
}

const pageSize = 1_000;
const mostKept = 5_000;
const fewMissed = 100;
const lookEveryMs = 1_000;
/** A transaction that has not ended holds up those behind it: it is looked for again soon. */
const settleMs = 10;
const nothing: Cursor = { xid: 0n, subject: "", sequence: 0 };

export function createEventFeed({ pool, subscribe }: EventFeedOptions): EventFeed {
  const groups = new Map<string, Set<Follower>>();
  const bell = createBell();
  const unsubscribe = subscribe(({ kind }) => {
    if (kind !== "jobs") bell.ring();
  });
  let followers = 0;
  let running: Promise<void> | undefined;
  let closed = false;
  /** Transactions before this one have been told. */
  let reached = 0n;
  /** Those from this one on are kept, as far as they have been told. */
  let keptFrom = 0n;
  let kept: Told[] = [];

  async function start(): Promise<void> {
    if (running !== undefined) return;
    await forgetRestored(pool);
    const { edge } = await readSettled(pool, { after: nothing, limit: 0 });
    if (running !== undefined) return;
    [keptFrom, reached, kept] = [edge, edge, []];
    running = run(edge);
  }

  async function run(edge: bigint): Promise<void> {
    const number = createNumbering();
    let cursor: Cursor = { ...nothing, xid: edge };
    while (followers > 0 && !closed) {
      const found = await readSettled(pool, { after: cursor, limit: pageSize }).catch(() => undefined);
      for (const one of found?.events ?? []) tell(number(one));
      const isFull = found?.events.length === pageSize;
      if (found !== undefined)
        cursor = isFull ? lastOf(found.events, cursor) : { ...nothing, xid: found.edge };
      reached = cursor.xid;
      forget();
      if (!isFull) await bell.next(found?.more === true ? settleMs : lookEveryMs);
    }
    running = undefined;
  }

  function tell(told: Told): void {
    kept.push(told);
    for (const { from, queue } of groups.get(told.tenantId) ?? [])
      if (isBehind(from, told.at)) queue.push(told.item);
  }

  /** A transaction is kept whole or not at all. */
  function forget(): void {
    if (kept.length <= mostKept) return;
    keptFrom = (kept[kept.length - mostKept / 2]?.at.xid ?? reached) + 1n;
    kept = kept.filter(({ at }) => at.xid >= keptFrom);
  }

  function missedSince(tenantId: string, from: Position): Told[] {
    return kept.filter((told) => told.tenantId === tenantId && isBehind(from, told.at));
  }

  /** Pages of what is settled, and how far each of them comes. */
  async function* pagesAfter(tenantId: string, from: Position, limit: number) {
    const number = createNumbering();
    let after: Cursor = { ...nothing, xid: from.xid };
    for (let isLast = false; !isLast; ) {
      const { events, edge, end } = await readSettled(pool, { after, limit, tenantId });
      after = lastOf(events, after);
      isLast = events.length < limit;
      const told = events.map(number).filter(({ at }) => isBehind(from, at));
      const last = told.at(-1)?.at ?? from;
      yield { told, at: isLast && last.xid < edge ? { xid: edge, told: 0 } : last, end };
    }
  }

  async function* follow(
    tenantId: string,
    start: Position | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<readonly FeedItem[]> {
    let from = start ?? { xid: reached, told: 0 };
    let missed = start === undefined ? [] : missedSince(tenantId, from);
    while (!signal.aborted && (from.xid < keptFrom || missed.length > fewMissed)) {
      if (from.xid >= keptFrom) {
        yield missed.map(({ item }) => item);
        from = missed.at(-1)?.at ?? from;
      } else
        for await (const { told, at } of pagesAfter(tenantId, from, pageSize)) {
          if (told.length > 0) yield told.map(({ item }) => item);
          from = at;
        }
      missed = missedSince(tenantId, from);
    }
    // Nothing is waited for from here until the follower is among those who are told.
    const group = groups.get(tenantId) ?? new Set();
    const follower = { from, queue: createSubscriber() };
    follower.queue.push({ kind: "reached", position: positionText(from) });
    for (const { item } of missed) follower.queue.push(item);
    groups.set(tenantId, group.add(follower));
    try {
      yield* follower.queue.items(signal);
    } finally {
      group.delete(follower);
      if (group.size === 0 && groups.get(tenantId) === group) groups.delete(tenantId);
    }
  }

  return {
    async *follow(tenantId, { after, signal }) {
      let from = after === undefined ? undefined : readPosition(after);
      followers += 1;
      try {
        const { end, edge } = await readSettled(pool, { after: nothing, limit: 0 });
        if (from !== undefined && from.xid > end) {
          from = undefined;
          yield [{ kind: "reset", position: positionText({ xid: edge, told: 0 }) }];
        }
        await start();
        yield* follow(tenantId, from, signal);
      } finally {
        followers -= 1;
        if (followers === 0) bell.ring();
      }
    },
    async page(tenantId, { after, limit }) {
      const from = after === undefined ? { xid: 0n, told: 0 } : readPosition(after);
      for await (const { told, at } of pagesAfter(tenantId, from, limit))
        return { events: told.map(({ item }) => item.event), next: positionText(at) };
      return { events: [], next: positionText(from) };
    },
    async close() {
      closed = true;
      unsubscribe();
      bell.ring();
      await running;
    },
  };
}

function lastOf(events: SettledEvent[], otherwise: Cursor): Cursor {
  return events.at(-1)?.cursor ?? otherwise;
}

/** Gives each event its place in its transaction, among those of its tenant: the same whoever counts. */
function createNumbering(): (found: SettledEvent) => Told {
  let xid = -1n;
  const counts = new Map<string, number>();
  return ({ tenantId, cursor, event }) => {
    if (cursor.xid !== xid) counts.clear();
    xid = cursor.xid;
    const told = (counts.get(tenantId) ?? 0) + 1;
    counts.set(tenantId, told);
    const at = { xid, told };
    return { tenantId, at, item: { kind: "event", event: { position: positionText(at), ...event } } };
  };
}
