/** Attacks with real SQL and on the real file: each is found, and named. */
import { readFile, truncate, writeFile } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { signerOf } from "../../src/domain/audit/checkpoint.ts";
import { readCheckpointFile } from "../../src/domain/audit/checkpoint-file.ts";
import { leafHashOf } from "../../src/domain/audit/log-leaf.ts";
import { verifyConsistency, verifyInclusion } from "../../src/domain/audit/merkle-tree.ts";
import { sealEvent } from "../../src/domain/event/event.ts";
import { type Subject, subjectKey } from "../../src/domain/scope.ts";
import { replayDelivery } from "../../src/operations/replay-delivery.ts";
import type { AuditCheck } from "../../src/ports/audit-log.ts";
import { createTestSystem, type TestSystem } from "../support/system.ts";

const tenantId = "vetclinic-001";
let world: TestSystem;
let first: Subject;
let second: Subject;
let file: string;

beforeEach(async () => {
  world = await createTestSystem();
  first = await deliver();
  await world.system.journal.append(tenantId, [
    { act: "AccessDenied", actor: "mallory", data: { action: "approve" } },
  ]);
  await world.system.auditLog.checkpoint(tenantId);
  second = await deliver();
  await world.system.auditLog.checkpoint(tenantId);
  file = (await check()).file;
});
afterEach(() => world.close());

test("what nobody touched fits, all of it", async () => {
  expect(await check()).toMatchObject({ deliveries: 2, journalEntries: 1, checkpoints: 2, uncovered: 0 });
  expect((await check()).events).toBeGreaterThan(20);
  expect((await check()).artifacts).toBe(4);
  expect((await check()).finding).toBeUndefined();
});

test("the published file holds signed checkpoints that grow out of each other, and nothing new adds none", async () => {
  const { checkpoints, rest } = readCheckpointFile(await readFile(file, "utf8"));
  const keys = await world.system.signer.keys(tenantId);
  expect(checkpoints.map((one) => signerOf(one, keys)?.keyId)).toEqual([keys[0]?.keyId, keys[0]?.keyId]);
  expect(rest).toBe("");
  const proofs = await world.system.auditLog.prove(tenantId, [{ chain: subjectKey(first) }]);
  const [before, after] = checkpoints;
  if (proofs === undefined || before === undefined || after === undefined) throw new Error("no proofs");
  const [growth] = proofs.growth;
  expect(verifyConsistency({ from: before, to: after, proof: growth?.proof ?? [] })).toBe(true);
  const [leaf] = proofs.leaves;
  if (leaf === undefined) throw new Error("no leaf");
  expect(verifyInclusion(leafHashOf(leaf), { ...leaf, size: after.size }, after.root)).toBe(true);
  await world.system.auditLog.checkpoint(tenantId);
  expect((await check()).checkpoints).toBe(2);
});

test("checkpoints that are asked for at once become one after the other", async () => {
  await world.system.journal.append(tenantId, [{ act: "AccessDenied", actor: "eve", data: {} }]);
  const made = await Promise.all([1, 2, 3].map(() => world.system.auditLog.checkpoint(tenantId)));
  expect(new Set(made.map((one) => one?.size)).size).toBe(1);
  expect(await check()).toMatchObject({ checkpoints: 3, uncovered: 0 });
});

test("what came since the newest checkpoint is counted as not covered yet", async () => {
  await deliver();
  const seen = await check();
  expect(seen.finding).toBeUndefined();
  expect(seen.uncovered).toBeGreaterThan(5);
});

test("an event injected by SQL is found by check and by replay", async () => {
  const events = await world.system.store.events(first);
  const last = events.at(-1);
  if (last === undefined) throw new Error("no events");
  const forged = sealEvent(
    first,
    { name: "ApprovalGranted", source: "/cli", data: { by: "mallory" } },
    { after: last, time: last.time },
  );
  await sql(
    `insert into connectsoft.events (subject, sequence, event_id, name, body) values ($1, $2, $3, $4, $5)`,
    [subjectKey(first), forged.sequence, forged.id, "ApprovalGranted", JSON.stringify(forged)],
  );
  expect((await check()).finding).toEqual({
    where: `delivery ${subjectKey(first)}, event ${forged.sequence}`,
    problem: expect.stringContaining("it was put there"),
  });
  const { chain } = await replayDelivery(world.system, world.as("jane"), first);
  expect(chain).toEqual({
    intact: false,
    sequence: forged.sequence,
    problem: expect.stringContaining("stands after the end of the chain"),
  });
});

test("a delivery whose chain was forged from an event onwards, with its head, is found by the leaf", async () => {
  await forgeChain();
  expect((await check()).finding).toMatchObject({
    where: expect.stringContaining(`delivery ${subjectKey(first)}, event`),
    problem: "is not the one that a checkpoint covers",
  });
  await expect(world.system.auditLog.checkpoint(tenantId)).rejects.toThrow(
    /DigestMismatch.*does not fit its log/s,
  );
});

test("the whole database rewritten, leaves, tree and checkpoints too, is found by the published file", async () => {
  await forgeChain();
  await sql(`delete from connectsoft.log_leaves`);
  await sql(`delete from connectsoft.log_checkpoints`);
  await sql(`delete from connectsoft.log_publications`);
  await expect(world.system.auditLog.checkpoint(tenantId)).rejects.toThrow(
    /does not hold the checkpoint of 4 leaves/,
  );
  expect((await check()).finding).toEqual({
    where: `${file}, checkpoint of 2 leaves`,
    problem: expect.stringContaining("were rewritten"),
  });
});

test.each([
  [
    "the text of an event",
    `update connectsoft.events set body = replace(body, 'jane', 'eve!') where sequence = 1`,
    /event 1$/,
  ],
  [
    "the name of an event's row",
    `update connectsoft.events set name = 'ApprovalGranted' where sequence = 2`,
    /event 2$/,
  ],
  [
    "an event that is no JSON any more",
    `update connectsoft.events set body = 'x' where sequence = 3`,
    /event 3$/,
  ],
  ["an event left out", `delete from connectsoft.events where sequence = 4`, /event 5$/],
  ["the end of a chain cut off", `delete from connectsoft.events where sequence > 6`, /^delivery /],
  [
    "the content of an artifact",
    `update connectsoft.artifacts set content = content || ' '`,
    /^artifact memory\//,
  ],
  ["an artifact deleted", `delete from connectsoft.artifacts where version = 1`, /^artifact memory\//],
  [
    "a leaf",
    `update connectsoft.log_leaves set hash = repeat('0', 64) where position = 1`,
    /checkpoint of 2 leaves$/,
  ],
  [
    "the leaves from one on",
    `delete from connectsoft.log_leaves where position >= 1`,
    /checkpoint of 2 leaves$/,
  ],
  [
    "an entry of the journal",
    `update connectsoft.journal set body = replace(body, 'mallory', 'nobody1')`,
    /journal, entry 1$/,
  ],
  ["the journal emptied", `delete from connectsoft.journal`, /^the journal/],
  [
    "the journal emptied with its head",
    `with gone as (delete from connectsoft.journal) delete from connectsoft.journal_heads`,
    /^the journal, entry 1$/,
  ],
])("%s, changed by SQL, is found and named", async (_what, statement, where) => {
  await sql(statement);
  expect((await check()).finding?.where).toMatch(where);
});

test("a whole delivery deleted is found, with its events or without", async () => {
  await sql(`delete from connectsoft.deliveries where subject = $1`, [subjectKey(second)]);
  expect((await check()).finding).toMatchObject({ where: `delivery ${subjectKey(second)}` });
  await sql(`delete from connectsoft.events where subject = $1`, [subjectKey(second)]);
  expect((await check()).finding).toEqual({
    where: `delivery ${subjectKey(second)}`,
    problem: expect.stringContaining("was deleted"),
  });
});

test("a checkpoint file that was cut, at an entry or within one, is found, and nothing is appended to it", async () => {
  const text = await readFile(file, "utf8");
  const [entry] = readCheckpointFile(text).checkpoints;
  for (const length of [Buffer.byteLength(`${entry?.note}\n`), Buffer.byteLength(text) - 20, 0]) {
    await writeFile(file, text);
    await truncate(file, length);
    expect((await check()).finding).toEqual({ where: file, problem: expect.stringContaining("it was cut") });
    await expect(world.system.auditLog.checkpoint(tenantId)).rejects.toThrow(/it was cut/);
    expect(await readFile(file)).toHaveLength(length);
  }
});

test("a checkpoint that was changed in the file, or signed by another, is found", async () => {
  const text = await readFile(file, "utf8");
  const stranger = await world.system.signer.sign("another", Buffer.from("x"));
  expect(stranger.keyId).not.toBe((await world.system.signer.keys(tenantId))[0]?.keyId);
  await writeFile(file, text.replace("\n2\n", "\n1\n"));
  expect((await check()).finding).toMatchObject({ where: `${file}, checkpoint of 1 leaves` });
});

test("what a crash left half-written is written again, whole", async () => {
  const text = await readFile(file, "utf8");
  await world.system.journal.append(tenantId, [{ act: "AccessDenied", actor: "eve", data: {} }]);
  await writeFile(file, `${text}connectsoft-delivery/vetclinic-001\n5\nAAA`);
  await world.system.auditLog.checkpoint(tenantId);
  const { checkpoints, rest } = readCheckpointFile(await readFile(file, "utf8"));
  expect([checkpoints.map(({ size }) => size), rest]).toEqual([[2, 4, 5], ""]);
  expect((await check()).finding).toBeUndefined();
});

test("a copy that somebody kept says what the server's own file no longer does", async () => {
  const copy = await readFile(file, "utf8");
  await forgeChain();
  for (const table of ["log_leaves", "log_checkpoints", "log_publications"])
    await sql(`delete from connectsoft.${table}`);
  await writeFile(file, "");
  await world.system.auditLog.checkpoint(tenantId);
  expect((await check()).finding).toBeUndefined();
  expect((await check([copy])).finding).toMatchObject({
    where: "your copy of the checkpoints, checkpoint of 2 leaves",
  });
});

async function deliver(): Promise<Subject> {
  const subject = await world.deliver();
  await world.until(subject, (_, kind) => kind === "waiting");
  return subject;
}

function check(copies: string[] = []): Promise<AuditCheck> {
  return world.system.auditLog.check(tenantId, { copies });
}

async function sql(text: string, values: unknown[] = []): Promise<void> {
  await world.pool.query(text, values);
}

/** What somebody with the database and the program's code can do: another first event, and all hashes after it anew. */
async function forgeChain(): Promise<void> {
  const { canonicalJson, sha256Hex } = await import("../../src/domain/canonical-json.ts");
  let prevhash = "0".repeat(64);
  for (const event of await world.system.store.events(first)) {
    const { hash: _, ...unsealed } = { ...event, prevhash };
    const changed = event.sequence === 1 ? { ...unsealed, time: "2020-01-01T00:00:00.000Z" } : unsealed;
    prevhash = sha256Hex(canonicalJson(changed));
    await sql(`update connectsoft.events set body = $3 where subject = $1 and sequence = $2`, [
      subjectKey(first),
      event.sequence,
      JSON.stringify({ ...changed, hash: prevhash }),
    ]);
  }
  await sql(`update connectsoft.deliveries set hash = $2 where subject = $1`, [subjectKey(first), prevhash]);
}
