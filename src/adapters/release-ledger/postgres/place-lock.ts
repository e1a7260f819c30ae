/**
 * Turns of a place across processes: advisory locks of one database session a process. The session holds
 * the locks of all places, so that many deployments cost one connection; when the process dies, they end.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { canonicalJson } from "../../../domain/canonical-json.ts";
import type { Place } from "../../../ports/release-ledger.ts";

const firstDelayMs = 10;
const longestDelayMs = 250;

export function createPlaceLock(pool: pg.Pool) {
  const session = createSession(pool);
  const here = new Set<string>();

  /** A session may take its own lock again, so turns within this process are kept here. */
  async function take(key: string, signal: AbortSignal): Promise<pg.PoolClient> {
    const client = await session.enter();
    try {
      for (let delayMs = firstDelayMs; ; delayMs = Math.min(longestDelayMs, delayMs * 2)) {
        signal.throwIfAborted();
        if (!here.has(key)) {
          here.add(key);
          if (await tryLock(client, key).catch(giveUp(key))) return client;
          here.delete(key);
        }
        await sleep(delayMs, undefined, { signal }).catch(() => {});
      }
    } catch (error) {
      session.leave();
      throw signal.aborted ? signal.reason : error;
    }
  }

  function giveUp(key: string): (error: unknown) => never {
    return (error) => {
      here.delete(key);
      throw error;
    };
  }

  return async function inTurn<T>(place: Place, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    const key = canonicalJson([place.tenantId, place.environment, place.moduleId]);
    const client = await take(key, signal);
    try {
      return await task();
    } finally {
      // A session that was lost has lost its locks as well.
      await client.query("select pg_advisory_unlock(hashtextextended($1, 0))", [key]).catch(() => {});
      here.delete(key);
      session.leave();
    }
  };
}

async function tryLock(client: pg.PoolClient, key: string): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(
    "select pg_try_advisory_lock(hashtextextended($1, 0)) as taken",
    [key],
  );
  return rows[0]?.taken === true;
}

/** One client of the pool while anybody needs it. */
function createSession(pool: pg.Pool): { enter(): Promise<pg.PoolClient>; leave(): void } {
  let users = 0;
  let current: Promise<{ client: pg.PoolClient; giveBack(): void }> | undefined;

  async function connect() {
    const client = await pool.connect();
    const lost = (error: Error) => {
      current = undefined;
      client.release(error);
    };
    client.once("error", lost);
    const giveBack = () => {
      // Ours only: whoever takes this client next counts on the pool's own listener.
      client.off("error", lost);
      client.release();
    };
    return { client, giveBack };
  }

  return {
    async enter() {
      users += 1;
      current ??= connect();
      try {
        return (await current).client;
      } catch (error) {
        users -= 1;
        current = undefined;
        throw error;
      }
    },
    leave() {
      users -= 1;
      if (users > 0) return;
      const idle = current;
      current = undefined;
      void idle?.then(
        ({ giveBack }) => giveBack(),
        () => {},
      );
    },
  };
}
