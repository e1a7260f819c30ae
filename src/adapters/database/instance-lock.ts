/**
 * One server for a data directory: a lock that a session of its embedded database holds, and that therefore
 * dies with the process, however it ends.
 */
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { refuse } from "../../domain/refusal.ts";
import { isAlive } from "./is-alive.ts";

/** Any constant will do; it is the name of the lock. */
const lockKey = 4_202_630;
const namePrefix = "connectsoft server ";
/** How long the session of a process that has just died may be seen. */
const graceMs = 5_000;
const retryMs = 100;

export interface InstanceLock {
  release(): Promise<void>;
}

export interface InstanceLockOptions {
  dataDirectory: string;
  onTakenOver(reason: string): void;
}

/** Refuses with Conflict, naming the process that has it. After a lost session it is taken again. */
export async function takeInstanceLock(url: string, options: InstanceLockOptions): Promise<InstanceLock> {
  let released = false;
  let client = await take(url, options.dataDirectory);
  const keep = (held: pg.Client): void => {
    held.once("end", () => {
      if (!released) void retake();
    });
  };
  async function retake(): Promise<void> {
    while (!released) {
      try {
        client = await take(url, options.dataDirectory);
        keep(client);
        return;
      } catch (error) {
        if (error instanceof Error && error.message.startsWith("Conflict")) {
          options.onTakenOver(error.message);
          return;
        }
        await pause(retryMs * 5);
      }
    }
  }
  keep(client);
  return {
    async release() {
      released = true;
      await client.end().catch(() => undefined);
    },
  };
}

async function take(url: string, dataDirectory: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: namePrefix + process.pid });
  client.on("error", () => undefined);
  await client.connect();
  const deadline = Date.now() + graceMs;
  for (;;) {
    const { rows } = await client.query<{ got: boolean }>("select pg_try_advisory_lock($1) as got", [
      lockKey,
    ]);
    if (rows[0]?.got === true) return client;
    const pid = await holder(client);
    if (pid !== undefined && (isAlive(pid) || Date.now() > deadline)) {
      await client.end();
      throw refuse(
        "Conflict",
        `A server with pid ${pid} runs on ${dataDirectory} already.`,
        "Use it (connectsoft status), end it (connectsoft stop), or choose another folder: --data <folder>.",
      );
    }
    await pause(retryMs);
  }
}

async function holder(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ name: string }>(
    `select a.application_name as name from pg_locks l join pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.objid = $1 and l.granted and a.application_name like $2`,
    [lockKey, `${namePrefix}%`],
  );
  const pid = Number(rows[0]?.name.slice(namePrefix.length));
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}
