/** A durable PostgreSQL for one run, with the settings that the product itself uses. */
import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { startEmbeddedPostgres } from "../../src/adapters/database/embedded/start-embedded-postgres.ts";
import { migrate } from "../../src/adapters/database/migrate.ts";
import { openPool } from "../../src/adapters/database/open-database.ts";
import type { BenchServer } from "./benchmark.ts";

export async function startBenchServer(): Promise<{ server: BenchServer; stop(): Promise<void> }> {
  const directory = await mkdtemp(path.join(os.tmpdir(), "connectsoft-bench-"));
  // As root the server runs under another account, which must be able to pass.
  await chmod(directory, 0o711);
  const postgres = await startEmbeddedPostgres({ dataDirectory: directory, log: () => undefined });
  const admin = openPool(postgres.url, { max: 1, applicationName: "bench" });
  const { rows } = await admin.query<{ version: string; fsync: string; commit: string }>(
    `select current_setting('server_version') as version, current_setting('fsync') as fsync,
            current_setting('synchronous_commit') as commit`,
  );
  const settings = rows[0];
  if (settings?.fsync !== "on" || settings.commit !== "on")
    throw new Error("the bench measures durable commits only: fsync and synchronous_commit must be on");
  return {
    server: {
      version: settings.version,
      async createDatabase({ migrated }) {
        const name = `bench_${randomBytes(6).toString("hex")}`;
        await admin.query(`create database ${name}`);
        const url = new URL(postgres.url);
        url.pathname = `/${name}`;
        if (migrated) await migrateAt(url.href);
        return {
          url: url.href,
          async drop() {
            await admin.query(`drop database if exists ${name} with (force)`);
          },
        };
      },
    },
    async stop() {
      await admin.end();
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function migrateAt(url: string): Promise<void> {
  const pool = openPool(url, { max: 1, applicationName: "bench" });
  try {
    await migrate(pool);
  } finally {
    await pool.end();
  }
}
