import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/support/database.ts";
import { migrate } from "./migrate.ts";
import { openPool } from "./open-database.ts";

describe("migrate", () => {
  let database: TestDatabase;
  let directory: string;

  beforeEach(async () => {
    database = await createTestDatabase();
    await database.pool.query("drop schema connectsoft cascade");
    directory = await mkdtemp(path.join(os.tmpdir(), "migrations-"));
    await writeFile(path.join(directory, "0001-first.sql"), "create table public.first (id text)");
    await writeFile(path.join(directory, "0002-second.sql"), "alter table public.first add column name text");
  });

  afterEach(async () => {
    await database.drop();
    await rm(directory, { recursive: true });
  });

  test("applies files in order, once", async () => {
    expect(await migrate(database.pool, directory)).toEqual(["0001-first.sql", "0002-second.sql"]);
    expect(await migrate(database.pool, directory)).toEqual([]);
    await database.pool.query("insert into public.first (id, name) values ('a', 'b')");
  });

  test("lets many processes call it at once", async () => {
    const pools = Array.from({ length: 6 }, () =>
      openPool(database.url, { max: 1, applicationName: "test" }),
    );
    const applied = await Promise.all(pools.map((pool) => migrate(pool, directory)));
    expect(applied.flat()).toHaveLength(2);
    await Promise.all(pools.map((pool) => pool.end()));
  });

  test("leaves nothing of a file that fails, and goes on from there when it is mended", async () => {
    await writeFile(
      path.join(directory, "0003-third.sql"),
      "create table public.third (id text); select wrong",
    );
    await expect(migrate(database.pool, directory)).rejects.toThrow("migration 0003-third.sql failed");
    const { rows } = await database.pool.query("select to_regclass('public.third') as third");
    expect(rows).toEqual([{ third: null }]);
    await writeFile(path.join(directory, "0003-third.sql"), "create table public.third (id text)");
    expect(await migrate(database.pool, directory)).toEqual(["0003-third.sql"]);
  });

  test("refuses when an applied file was edited", async () => {
    await migrate(database.pool, directory);
    await writeFile(path.join(directory, "0001-first.sql"), "create table public.first (id uuid)");
    await expect(migrate(database.pool, directory)).rejects.toThrow("0001-first.sql was edited");
  });

  test("refuses a database that a newer version wrote", async () => {
    await migrate(database.pool, directory);
    await rm(path.join(directory, "0002-second.sql"));
    await expect(migrate(database.pool, directory)).rejects.toThrow("0002-second.sql, which this version");
  });
});
