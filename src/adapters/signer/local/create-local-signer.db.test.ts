import { createHash, createPublicKey, verify } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../test/support/database.ts";
import { sealWith } from "../../../../test/support/seal.ts";
import { systemClock } from "../../../ports/clock.ts";
import type { Signer } from "../../../ports/signer.ts";

import { createLocalSigner } from "./create-local-signer.ts";

let database: TestDatabase;
let directory: string;
beforeAll(async () => {
  database = await createTestDatabase();
  directory = await mkdtemp(join(tmpdir(), "signer-"));
});
afterAll(async () => {
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

const text = Buffer.from("what acme states");

test("processes that sign at once share the tenant's first key, whose signature verifies with the public key alone", async () => {
  const signed = await Promise.all([1, 2, 3, 4].map(() => signer().sign("acme", text)));
  const [key, ...others] = await signer().keys("acme");
  expect(others).toEqual([]);
  expect(new Set(signed.map(({ keyId }) => keyId))).toEqual(new Set([key?.keyId]));
  const publicKey = createPublicKey(key?.publicKey ?? "");
  expect(signed.every(({ signature }) => verify(null, text, publicKey, signature))).toBe(true);
  expect(verify(null, Buffer.from("something else"), publicKey, signed[0]?.signature ?? text)).toBe(false);
  const der = publicKey.export({ type: "spki", format: "der" });
  expect(key?.keyId).toBe(createHash("sha256").update(der).digest("hex"));
});

test("each tenant has keys of its own", async () => {
  const { keyId } = await signer().sign("globex", text);
  expect((await signer().keys("globex")).map((key) => key.keyId)).toEqual([keyId]);
  expect((await signer().keys("acme")).map((key) => key.keyId)).not.toContain(keyId);
});

test("after a rotation the next key signs, old signatures still verify, and the old private key is nowhere any more", async () => {
  const mine = signer();
  const before = await mine.sign("initech", text);
  const next = await mine.rotate("initech");
  const after = await mine.sign("initech", text);
  expect(after.keyId).toBe(next.keyId);
  const [old, present] = await mine.keys("initech");
  expect(old).toMatchObject({ keyId: before.keyId, retiredAt: expect.any(String) });
  expect(present).toEqual(next);
  expect(verify(null, text, old?.publicKey ?? "", before.signature)).toBe(true);
  const { rows } = await database.pool.query(
    "select k.private_key from connectsoft.signing_keys k where k.key_id = $1",
    [before.keyId],
  );
  expect(rows).toEqual([{ private_key: null }]);
});

test("the database holds no private key in the clear, and one moved to another tenant does not open there", async () => {
  await signer().sign("hooli", text);
  await signer().sign("mallory", text);
  const { rows } = await database.pool.query("select t::text as line from connectsoft.signing_keys t");
  expect(rows.map(({ line }) => line).join("\n")).not.toContain("PRIVATE KEY");
  await database.pool.query(
    `update connectsoft.signing_keys k set key_id = h.key_id, public_key = h.public_key, private_key = h.private_key
     from connectsoft.signing_keys h where k.tenant_id = 'mallory' and h.tenant_id = 'hooli'`,
  );
  await expect(signer().sign("mallory", text)).rejects.toThrow(/cannot be opened/);
});

function signer(): Signer {
  const seal = sealWith(join(directory, "secret.key"));
  return createLocalSigner({ pool: database.pool, seal, clock: systemClock });
}
