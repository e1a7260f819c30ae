import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type pg from "pg";
import { refuse } from "../../domain/refusal.ts";

const builtIn = fileURLToPath(new URL("../../../migrations/", import.meta.url));
const fileForm = /^\d{4}-[a-z0-9-]+\.sql$/;
/** Any constant will do; it is the name of the lock that serialises migrations of one database. */
const lockKey = 4_202_605;

/**
 * Brings the database up to date: every `NNNN-name.sql` that is not recorded yet, in order, each in a
 * transaction with its record. Any number of processes may call it at once; repeating it does nothing.
 * Refuses where an applied file was edited, removed or is newer than this program. Returns the names that it applied.
 */
export async function migrate(pool: pg.Pool, directory: string = builtIn): Promise<string[]> {
  const files = await readMigrations(directory);
  const client = await pool.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [lockKey]);
    await client.query("create schema if not exists connectsoft");
    await client.query(`create table if not exists connectsoft.migrations (
      name text primary key, sha256 text not null, applied_at timestamptz not null default now())`);
    const { rows } = await client.query<{ name: string; sha256: string }>(
      "select m.name, m.sha256 from connectsoft.migrations m",
    );
    const applied = new Map(rows.map((row) => [row.name, row.sha256]));
    checkHistory(files, applied);
    const open = files.filter((file) => !applied.has(file.name));
    for (const file of open) await apply(client, file);
    return open.map((file) => file.name);
  } finally {
    await client.query("select pg_advisory_unlock($1)", [lockKey]).catch(() => {});
    client.release();
  }
}

interface Migration {
  name: string;
  text: string;
  sha256: string;
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const names = (await readdir(directory)).filter((name) => name.endsWith(".sql")).sort();
  const wrong = names.find((name) => !fileForm.test(name));
  if (wrong !== undefined) {
    throw refuse("Unavailable", `migration ${wrong}: expected a name such as 0001-engine.sql`, "Rename it.");
  }
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(path.join(directory, name), "utf8");
      return { name, text, sha256: createHash("sha256").update(text).digest("hex") };
    }),
  );
}

function checkHistory(files: Migration[], applied: Map<string, string>): void {
  const edited = files.find((file) => applied.has(file.name) && applied.get(file.name) !== file.sha256);
  if (edited !== undefined) {
    throw refuse(
      "Unavailable",
      `migration ${edited.name} was edited after it had been applied to this database`,
      "Restore the file and put the change into a new migration.",
    );
  }
  const names = new Set(files.map((file) => file.name));
  const unknown = [...applied.keys()].find((name) => !names.has(name));
  if (unknown === undefined) return;
  throw refuse(
    "Unavailable",
    `this database has the migration ${unknown}, which this version of the program does not know`,
    "Use the version that wrote it, or a newer one.",
  );
}

async function apply(client: pg.PoolClient, file: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(file.text);
    await client.query("insert into connectsoft.migrations (name, sha256) values ($1, $2)", [
      file.name,
      file.sha256,
    ]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw new Error(`migration ${file.name} failed`, { cause: error });
  }
}
