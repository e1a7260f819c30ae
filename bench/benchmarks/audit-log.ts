/** What the log of a large tenant costs: a checkpoint of what is new, and the proofs of one trace. */

import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Pool } from "pg";
import { createAuditLog } from "../../src/adapters/audit-log/postgres/create-audit-log.ts";
import { openPool } from "../../src/adapters/database/open-database.ts";
import type { AuditLog } from "../../src/ports/audit-log.ts";
import { systemClock } from "../../src/ports/clock.ts";
import { oneKeySigner } from "../../test/support/one-key-signer.ts";
import type { Benchmark } from "../support/benchmark.ts";

const tenantId = "acme";
/** Each was one checkpoint. */
const batches = 500;

export const auditLog: Benchmark = {
  name: "audit-log",
  title: "the signed log of a tenant with 100,000 deliveries",
  async run(context) {
    const count = context.quick ? 2_000 : 100_000;
    const rounds = context.quick ? 1 : 5;
    const directory = await mkdtemp(path.join(os.tmpdir(), "connectsoft-bench-log-"));
    const database = await context.server.createDatabase({ migrated: true });
    const pool = openPool(database.url, { max: 2, applicationName: "bench" });
    try {
      const log = createAuditLog({
        pool,
        signer: oneKeySigner(),
        clock: systemClock,
        directory,
        host: "bench",
      });
      await fill(pool, log, count);
      context.log(`${count} deliveries in ${batches} checkpoints`);
      const whole: number[] = [];
      const grown: number[] = [];
      const named: number[] = [];
      const proofs: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        whole.push(await took(() => log.checkpoint(tenantId)));
        await grow(pool, round * 20 + 1, 10);
        grown.push(await took(() => log.checkpoint(tenantId, { changedWithinMs: 180_000 })));
        await grow(pool, round * 20 + 11, 1);
        named.push(await took(() => log.checkpoint(tenantId, { subjects: [chainOf(round * 20 + 11)] })));
        proofs.push(await took(() => log.prove(tenantId, [{ chain: chainOf(round * 200 + 7) }])));
      }
      return {
        metrics: [
          { name: "look at every chain, nothing new", unit: "ms", samples: whole },
          { name: "checkpoint of what changed lately, ten chains", unit: "ms", samples: grown },
          { name: "checkpoint of one that is named", unit: "ms", samples: named },
          { name: "proofs of one trace", unit: "ms", samples: proofs },
        ],
        facts: { deliveries: count, checkpoints: batches },
      };
    } finally {
      await pool.end();
      await database.drop();
      await rm(directory, { recursive: true, force: true });
    }
  },
};

async function fill(pool: Pool, log: AuditLog, count: number): Promise<void> {
  const each = count / batches;
  for (let from = 1; from <= count; from += each) {
    await pool.query(
      `insert into connectsoft.deliveries
         (subject, tenant_id, trace_id, module_id, phase, sequence, hash, state, active, created_at, updated_at)
       select $1 || '/trace-' || n || '/shop', $1, 'trace-' || n, 'shop', 'ended', 20,
              encode(sha256(n::text::bytea), 'hex'), '{}', '', now() - interval '1 hour', now() - interval '1 hour'
       from generate_series($2::int, $3::int) n`,
      [tenantId, from, from + each - 1],
    );
    const subjects = Array.from({ length: each }, (_, index) => chainOf(from + index));
    await log.checkpoint(tenantId, { subjects });
  }
  await pool.query("analyze");
}

async function grow(pool: Pool, from: number, count: number): Promise<void> {
  const subjects = Array.from({ length: count }, (_, index) => chainOf(from + index));
  await pool.query(
    `update connectsoft.deliveries d
     set sequence = d.sequence + 1, hash = encode(sha256(d.hash::bytea), 'hex'), updated_at = now()
     where d.subject = any($1)`,
    [subjects],
  );
}

function chainOf(number: number): string {
  return `${tenantId}/trace-${number}/shop`;
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
