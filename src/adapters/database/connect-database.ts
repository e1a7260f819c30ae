/** The database of an installation: the one that DATABASE_URL names, or the embedded one, kept running. */
import type pg from "pg";
import { type EmbeddedPostgres, startEmbeddedPostgres } from "./embedded/start-embedded-postgres.ts";
import { type InstanceLock, takeInstanceLock } from "./instance-lock.ts";
import { isAlive } from "./is-alive.ts";
import { migrate } from "./migrate.ts";
import { openPool, waitForDatabase } from "./open-database.ts";

export interface Database {
  url: string;
  pool: pg.Pool;
  embedded: boolean;
  /** Ends the pool, and the embedded server where this process has the data directory for itself. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  dataDirectory: string;
  /** Absent: the embedded one. */
  databaseUrl: string | undefined;
  log(line: string): void;
  /** Another server took over this data directory while our session was lost: this process must end. */
  onTakenOver(reason: string): void;
}

const poolSize = 20;
const waitMs = 60_000;
const watchEveryMs = 500;

/** Connected, alone where it must be, and migrated. Refuses with Unavailable or, for a second server, Conflict. */
export async function connectDatabase(options: DatabaseOptions): Promise<Database> {
  const { databaseUrl, log } = options;
  return databaseUrl === undefined ? connectEmbedded(options) : connectTo(databaseUrl, log);
}

async function connectTo(url: string, log: (line: string) => void): Promise<Database> {
  const pool = openPool(url, { max: poolSize, applicationName: `connectsoft ${process.pid}`, log });
  try {
    await waitForDatabase(pool, {
      timeoutMs: waitMs,
      onWait: (reason) => log(`waiting for the database: ${reason}`),
    });
    await migrate(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return { url, pool, embedded: false, close: () => pool.end() };
}

async function connectEmbedded(options: DatabaseOptions): Promise<Database> {
  const { dataDirectory, log } = options;
  let server = await startEmbeddedPostgres({ dataDirectory, log });
  let takenOver = false;
  const lock: InstanceLock = await takeInstanceLock(server.url, {
    dataDirectory,
    onTakenOver(reason) {
      takenOver = true;
      options.onTakenOver(reason);
    },
  });
  const stopAll = async (): Promise<void> => {
    await lock.release();
    // It is the other server's now, which would lose its database.
    if (!takenOver) await server.stop();
  };
  const database = await connectTo(server.url, log).catch(async (error) => {
    await stopAll();
    throw error;
  });
  const unwatch = watch(
    () => server,
    async () => {
      log("the embedded database ended; starting it again");
      server = await startEmbeddedPostgres({ dataDirectory, log });
    },
    log,
  );
  return {
    ...database,
    embedded: true,
    async close() {
      await unwatch();
      await database.close();
      await stopAll();
    },
  };
}

/** The embedded server is ours to keep alive: what ended it, a person or the kernel, does not matter. */
function watch(
  current: () => EmbeddedPostgres,
  restart: () => Promise<void>,
  log: (line: string) => void,
): () => Promise<void> {
  let restarting: Promise<void> | undefined;
  const timer = setInterval(() => {
    if (restarting !== undefined || isAlive(current().pid)) return;
    restarting = restart()
      .catch((error: Error) => log(`the embedded database does not start: ${error.message}`))
      .finally(() => {
        restarting = undefined;
      });
  }, watchEveryMs);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await restarting;
  };
}
