import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { expect, test } from "vitest";
import { imagePayload, signImage, verifyImage } from "./image-signature.ts";
import { readVouching, type VouchedFor, vouchFor } from "./signed-subjects.ts";

const of = { tenantId: "acme", traceId: "trace-1", moduleId: "shop" };
const digest = `sha256:${"a".repeat(64)}`;
const facts: VouchedFor = { kind: "artifact", of, digests: { artifact: digest, "SBOM.json": digest } };

function newKey() {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const der = publicKey.export({ type: "spki", format: "der" });
  const keyId = createHash("sha256").update(der).digest("hex");
  const trusted = { keyId, publicKey: publicKey.export({ type: "spki", format: "pem" }).toString() };
  return { trusted, signer: signerOf(keyId, privateKey) };
}

function signerOf(keyId: string, key: KeyObject) {
  return async (payload: Uint8Array) => ({ keyId, signature: sign(null, payload, key) });
}

const own = newKey();
const keys = [own.trusted];

test("what the tenant's key vouches for is read back", async () => {
  const text = await vouchFor(facts, own.signer);
  expect(readVouching(text, { kind: "artifact", of, keys })).toEqual({
    good: true,
    keyId: own.trusted.keyId,
    digests: facts.digests,
  });
});

test.each([
  ["of another tenant", { kind: "artifact", of: { ...of, tenantId: "evil" } }, "of another delivery"],
  ["of another trace", { kind: "artifact", of: { ...of, traceId: "trace-2" } }, "of another delivery"],
  ["of another kind", { kind: "plan", of }, "no statement about plan"],
] as const)("a good signature %s vouches for nothing", async (_what, asked, why) => {
  const text = await vouchFor(facts, own.signer);
  expect(readVouching(text, { ...asked, keys })).toMatchObject({
    good: false,
    why: expect.stringContaining(why),
  });
});

test("a key that the tenant does not have, or one that only takes its name, vouches for nothing", async () => {
  const other = newKey();
  const foreign = await vouchFor(facts, other.signer);
  expect(readVouching(foreign, { kind: "artifact", of, keys }).good).toBe(false);
  const { privateKey } = generateKeyPairSync("ed25519");
  const forged = await vouchFor(facts, signerOf(own.trusted.keyId, privateKey));
  expect(readVouching(forged, { kind: "artifact", of, keys }).good).toBe(false);
});

test("whatever byte is changed, it vouches for nothing", async () => {
  const text = await vouchFor(facts, own.signer);
  for (let at = 0; at < text.length; at += 1) {
    const changed = `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`;
    expect(readVouching(changed, { kind: "artifact", of, keys }).good, `byte ${at}`).toBe(false);
  }
});

test("an image is signed in cosign's format, for exactly its manifest", async () => {
  const text = await signImage(digest, own.signer);
  expect(verifyImage(text, { manifestDigest: digest, keys })).toMatchObject({ good: true });
  const other = `sha256:${"b".repeat(64)}`;
  expect(verifyImage(text, { manifestDigest: other, keys })).toMatchObject({
    why: "what is signed is another image",
  });
  const document = JSON.parse(text) as Record<string, string>;
  const moved = { ...document, payload: imagePayload(other).toString("base64") };
  expect(verifyImage(JSON.stringify(moved), { manifestDigest: other, keys })).toMatchObject({
    why: "its signature does not fit what it says",
  });
  expect(verifyImage(text, { manifestDigest: digest, keys: [newKey().trusted] }).good).toBe(false);
});
