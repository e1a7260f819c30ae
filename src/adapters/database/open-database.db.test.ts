import { once } from "node:events";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/support/database.ts";
import { startEmbeddedPostgres } from "./embedded/start-embedded-postgres.ts";
import { openPool, waitForDatabase } from "./open-database.ts";

describe("openPool", () => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase();
  });

  afterEach(() => database.drop());

  test("gives bigint as a number while it is exact, else as text", async () => {
    const { rows } = await database.pool.query(
      "select 42::bigint as small, 9007199254740993::bigint as large",
    );
    expect(rows).toEqual([{ small: 42, large: "9007199254740993" }]);
  });

  test("survives an idle connection that the server ends, and says so", async () => {
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    const pool = openPool(database.url, { max: 1, applicationName: "idle", log });
    const lost = once(pool, "error");
    const { rows } = await pool.query("select pg_backend_pid() as pid");
    await database.pool.query("select pg_terminate_backend($1)", [rows[0].pid]);
    await lost;
    expect(lines).toEqual([expect.stringContaining("terminating connection")]);
    expect((await pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });
});

describe("waitForDatabase", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), "waiting-"));
    await chmod(directory, 0o711);
  });

  afterEach(() => rm(directory, { recursive: true }));

  test("waits while the server is away and goes on when it is back", async () => {
    const start = () =>
      startEmbeddedPostgres({ dataDirectory: directory, log: () => {}, settings: { fsync: "off" } });
    const first = await start();
    const pool = openPool(first.url, { max: 2, applicationName: "waiting" });
    await pool.query("select 1");
    await first.stop();
    const told = Promise.withResolvers<string>();
    const back = waitForDatabase(pool, { timeoutMs: 30_000, onWait: told.resolve });
    expect(await told.promise).toContain("ECONNREFUSED");
    const second = await start();
    await back;
    await pool.end();
    await second.stop();
  });

  test("refuses when it stays away", async () => {
    const server = await startEmbeddedPostgres({
      dataDirectory: directory,
      log: () => {},
      settings: { fsync: "off" },
    });
    await server.stop();
    const pool = openPool(server.url, { max: 1, applicationName: "waiting" });
    await expect(waitForDatabase(pool, { timeoutMs: 200, onWait: () => {} })).rejects.toMatchObject({
      refusal: { code: "Unavailable", next: expect.stringContaining("doctor") },
    });
    await pool.end();
  });
});
