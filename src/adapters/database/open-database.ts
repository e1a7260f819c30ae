import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { refuse } from "../../domain/refusal.ts";

const bigintType = 20;

/**
 * A pool of connections. A connection that breaks while idle is dropped and replaced; a query on it rejects.
 * `bigint` columns come back as numbers while they are safe integers, else as text. `log` hears of broken connections.
 */
export function openPool(
  url: string,
  options: { max: number; applicationName: string; log?: (line: string) => void },
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max,
    application_name: options.applicationName,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    types: {
      getTypeParser: (type, format) =>
        type === bigintType && format !== "binary" ? parseBigint : pg.types.getTypeParser(type, format),
    },
  });
  // Without a listener a connection that breaks would end the process: one that is idle, and one that somebody
  // holds between two queries, of which the next query tells them.
  pool.on("error", (error) => options.log?.(`database connection lost: ${error.message}`));
  pool.on("connect", (client) => client.on("error", () => undefined));
  return pool;
}

/** Waits until the database answers. Calls `onWait` once, at the first failure; refuses with `Unavailable` after the timeout. */
export async function waitForDatabase(
  pool: pg.Pool,
  options: { timeoutMs: number; onWait: (reason: string) => void },
): Promise<void> {
  const deadline = Date.now() + options.timeoutMs;
  let told = false;
  for (;;) {
    const failure = await pool.query("select 1").then(
      () => undefined,
      (error: Error) => error,
    );
    if (failure === undefined) return;
    if (!told) options.onWait(failure.message);
    told = true;
    if (Date.now() > deadline) {
      throw refuse(
        "Unavailable",
        `the database did not answer within ${options.timeoutMs / 1000} s: ${failure.message || "connection refused"}`,
        "Check that it runs and that DATABASE_URL is right: connectsoft doctor.",
      );
    }
    await pause(Math.min(250, options.timeoutMs / 10));
  }
}

function parseBigint(text: string): number | string {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}
