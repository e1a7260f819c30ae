import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { inject } from "vitest";
import { openPool } from "../../src/adapters/database/open-database.ts";

export interface TestDatabase {
  pool: pg.Pool;
  url: string;
  /** Ends the pool and removes the database, also under connections that others left open. */
  drop(): Promise<void>;
}

/** A database of its own with every migration applied, on the real PostgreSQL of this test run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString("hex")}`;
  await onServer(`create database ${name} template template_connectsoft strategy file_copy`);
  const url = new URL(inject("databaseUrl"));
  url.pathname = `/${name}`;
  const pool = openPool(url.href, { max: 10, applicationName: "test" });
  return {
    pool,
    url: url.href,
    async drop() {
      if (!pool.ended) await pool.end();
      await onServer(`drop database if exists ${name} with (force)`);
    },
  };
}

/** Retried while the template is in use: another test may be copying it. */
async function onServer(statement: string): Promise<void> {
  const server = openPool(inject("databaseUrl"), { max: 1, applicationName: "test" });
  try {
    for (let attempt = 1; ; attempt++) {
      const error = await server.query(statement).then(
        () => undefined,
        (failure: Error & { code?: string }) => failure,
      );
      if (error === undefined) return;
      if (error.code !== "55006" || attempt === 100) throw error;
      await pause(20 + 20 * Math.random());
    }
  } finally {
    await server.end();
  }
}
