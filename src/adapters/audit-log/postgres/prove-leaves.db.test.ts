import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../test/support/database.ts";
import { oneKeySigner } from "../../../../test/support/one-key-signer.ts";
import { readCheckpointFile } from "../../../domain/audit/checkpoint-file.ts";
import { leafHashOf } from "../../../domain/audit/log-leaf.ts";
import { verifyConsistency, verifyInclusion } from "../../../domain/audit/merkle-tree.ts";
import type { AuditLog } from "../../../ports/audit-log.ts";
import { systemClock } from "../../../ports/clock.ts";
import { readPublished } from "./check/check-published.ts";
import { createAuditLog } from "./create-audit-log.ts";

const tenantId = "acme";
/** Sizes that close no subtree, one, several, and one of the second level. */
const sizes = [1, 15, 16, 17, 40, 255, 256, 300, 611];
let database: TestDatabase;
let directory: string;
let log: AuditLog;

beforeEach(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(path.join(os.tmpdir(), "audit-log-"));
  log = createAuditLog({
    pool: database.pool,
    signer: oneKeySigner(),
    clock: systemClock,
    directory,
    host: "host-1",
  });
  let from = 1;
  for (const size of sizes) {
    await addDeliveries(from, size);
    await log.checkpoint(tenantId);
    from = size + 1;
  }
});
afterEach(async () => {
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

test("every leaf is proved to be in the tree, and every published checkpoint to be its beginning", async () => {
  await provesAll();
});

test("a log from before subtrees were kept has them after the next look, though nothing is new", async () => {
  await database.pool.query("delete from connectsoft.log_nodes");
  await expect(prove()).rejects.toMatchObject({ refusal: { code: "DigestMismatch" } });
  await log.checkpoint(tenantId);
  await provesAll();
});

test.each([
  ["changed", `update connectsoft.log_nodes set hash = repeat('0', 64) where level = 1 and position = 3`],
  ["lost", `delete from connectsoft.log_nodes where level = 1 and position = 3`],
])(
  "a subtree that was %s proves nothing, is named, and is made again when it is gone",
  async (_what, statement) => {
    await database.pool.query(statement);
    await expect(prove()).rejects.toMatchObject({ refusal: { code: "DigestMismatch" } });
    const { finding } = await log.check(tenantId, {});
    expect(finding?.where).toBe("log_nodes, level 1, position 3");
    await database.pool.query("delete from connectsoft.log_nodes");
    await log.checkpoint(tenantId);
    await provesAll();
  },
);

async function provesAll(): Promise<void> {
  const proofs = await prove();
  if (proofs === undefined) throw new Error("no proofs");
  const { checkpoint, leaves, growth } = proofs;
  expect(checkpoint.size).toBe(611);
  expect(leaves.map(({ index }) => index)).toEqual(Array.from({ length: 611 }, (_, index) => index));
  for (const leaf of leaves)
    expect(verifyInclusion(leafHashOf(leaf), { ...leaf, size: 611 }, checkpoint.root)).toBe(true);
  const file = await readPublished(path.join(directory, `${tenantId}.checkpoints`));
  const { checkpoints } = readCheckpointFile(file);
  expect(checkpoints.map(({ size }) => size)).toEqual(sizes);
  expect(growth.map(({ size }) => size)).toEqual(sizes.slice(0, -1).reverse());
  for (const from of checkpoints.slice(0, -1)) {
    const proof = growth.find(({ size }) => size === from.size)?.proof ?? [];
    expect(verifyConsistency({ from, to: checkpoint, proof })).toBe(true);
  }
}

function prove() {
  const chains = Array.from({ length: 611 }, (_, index) => ({ chain: chainOf(index + 1) }));
  return log.prove(tenantId, chains);
}

async function addDeliveries(from: number, to: number): Promise<void> {
  await database.pool.query(
    `insert into connectsoft.deliveries
       (subject, tenant_id, trace_id, module_id, phase, sequence, hash, state, active, created_at, updated_at)
     select $1 || '/trace-' || n || '/shop', $1, 'trace-' || n, 'shop', 'ended', 20,
            encode(sha256(n::text::bytea), 'hex'), '{}', '', now(), now()
     from generate_series($2::int, $3::int) n`,
    [tenantId, from, to],
  );
}

function chainOf(number: number): string {
  return `${tenantId}/trace-${number}/shop`;
}
