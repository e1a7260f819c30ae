import { generateKeyPairSync, sign } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  checkpointText,
  keyIdOf,
  noteVerifierKey,
  originOf,
  parseCheckpoint,
  sealCheckpoint,
  signerOf,
} from "./checkpoint.ts";
import { entryOf, readCheckpointFile } from "./checkpoint-file.ts";
import { hashLeaf } from "./merkle-tree.ts";

const [mine, others] = [newKey(), newKey()];
const signed = signedAt(7);

test("a checkpoint is three lines, an empty one and the signature, and reads back as it was", () => {
  expect(signed.note.split("\n")).toEqual([
    "connectsoft-delivery/acme",
    "7",
    signed.root.toString("base64"),
    "",
    expect.stringMatching(/^— connectsoft-delivery\/acme [A-Za-z0-9+/]+=*$/),
    "",
  ]);
  expect(parseCheckpoint(signed.note)).toEqual(signed);
});

test("a key in the form of signed notes is the one that Go's checksum database is known by", () => {
  const known = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
  const raw = Buffer.from(known.split("+").slice(2).join("+"), "base64").subarray(1);
  const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw]).toString("base64");
  const pem = `-----BEGIN PUBLIC KEY-----\n${spki}\n-----END PUBLIC KEY-----\n`;
  expect(noteVerifierKey("sum.golang.org", pem)).toBe(known);
});

test("only the key that signed it is found", () => {
  expect(signerOf(signed, [others, mine])).toBe(mine);
  expect(signerOf(signed, [others])).toBeUndefined();
});

test("whatever byte of a note is changed, it is no note any more or nobody signed it", () => {
  const bytes = Buffer.from(signed.note);
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, difference) => {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ difference, at);
      const parsed = parseCheckpoint(changed.toString("utf8"));
      expect(parsed === undefined || signerOf(parsed, [mine]) === undefined).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test("a signature that is written otherwise is not the one that was made", () => {
  const encoded = /([A-Za-z0-9+/])=\n$/.exec(signed.note)?.[1] ?? "";
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const spare = digits[digits.indexOf(encoded) + 1] ?? "";
  const parsed = parseCheckpoint(signed.note.replace(/.=\n$/, `${spare}=\n`));
  expect(parsed && signerOf(parsed, [mine])).toBeUndefined();
});

test("a file gives its checkpoints in order, and what was not written to its end", () => {
  const file = [signed, signedAt(9), signedAt(12)].map(entryOf).join("");
  expect(readCheckpointFile(file)).toMatchObject({
    checkpoints: [{ size: 7 }, { size: 9 }, { size: 12 }],
    rest: "",
  });
  const cut = file.slice(0, -30);
  const read = readCheckpointFile(cut);
  expect(read.checkpoints.map(({ size }) => size)).toEqual([7, 9]);
  expect(cut.endsWith(read.rest)).toBe(true);
  expect(read.rest).toMatch(/^connectsoft-delivery\/acme\n12\n/);
});

function signedAt(size: number) {
  const checkpoint = { origin: originOf("acme"), size, root: hashLeaf(`root ${size}`) };
  const signature = sign(null, Buffer.from(checkpointText(checkpoint)), mine.privateKey);
  return sealCheckpoint(checkpoint, { publicKey: mine.publicKey, signature });
}

function newKey() {
  const pair = generateKeyPairSync("ed25519");
  const publicKey = pair.publicKey.export({ type: "spki", format: "pem" }).toString();
  return { keyId: keyIdOf(publicKey), publicKey, privateKey: pair.privateKey };
}
