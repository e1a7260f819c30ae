/**
 * Checkpoints of a tenant's log in the form of C2SP: a signed note (c2sp.org/signed-note) whose text says which log,
 * how many leaves and which root (c2sp.org/tlog-checkpoint), so that the field's tools read and witness them too.
 */
import { createPublicKey, verify } from "node:crypto";
import { sha256Hex } from "../canonical-json.ts";
import type { Hash } from "./merkle-tree.ts";

export interface Checkpoint {
  origin: string;
  size: number;
  root: Hash;
}

export interface SignedCheckpoint extends Checkpoint {
  /** The whole note, with its signatures. */
  note: string;
}

/** A public key that verifies: PEM (SubjectPublicKeyInfo), Ed25519. */
export interface VerifyingKey {
  keyId: string;
  publicKey: string;
}

/** Which log a tenant's is; also the name under which its checkpoints are signed. */
export function originOf(tenantId: string): string {
  return `connectsoft-delivery/${tenantId}`;
}

/** What is signed: three lines. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${root.toString("base64")}\n`;
}

export function sealCheckpoint(
  checkpoint: Checkpoint,
  { publicKey, signature }: { publicKey: string; signature: Uint8Array },
): SignedCheckpoint {
  const name = checkpoint.origin;
  const line = Buffer.concat([noteKeyHash(name, publicKey), signature]).toString("base64");
  return { ...checkpoint, note: `${checkpointText(checkpoint)}\n— ${name} ${line}\n` };
}

const noteForm =
  /^([^\s+\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n\n((?:— [^\s+]+ [A-Za-z0-9+/]+={0,2}\n){1,16})$/;

/** Undefined where the text is no signed checkpoint, whole and in its canonical form. */
export function parseCheckpoint(note: string): SignedCheckpoint | undefined {
  const [, origin, size, root] = noteForm.exec(note) ?? [];
  if (origin === undefined || size === undefined || root === undefined) return undefined;
  const checkpoint = { origin, size: Number(size), root: Buffer.from(root, "base64") };
  const isCanonical =
    Number.isSafeInteger(checkpoint.size) && note.startsWith(`${checkpointText(checkpoint)}\n`);
  return isCanonical ? { ...checkpoint, note } : undefined;
}

/** The first of the keys that signed it, or undefined. Signatures by others are theirs (witnesses) and are left alone. */
export function signerOf<Key extends VerifyingKey>(
  checkpoint: SignedCheckpoint,
  keys: readonly Key[],
): Key | undefined {
  const text = Buffer.from(checkpointText(checkpoint));
  const signatures = signaturesIn(checkpoint);
  return keys.find((key) =>
    signatures.some(
      ({ keyHash, signature }) =>
        keyHash.equals(noteKeyHash(checkpoint.origin, key.publicKey)) &&
        verify(null, text, createPublicKey(key.publicKey), signature),
    ),
  );
}

/** The key in the form that verifiers of signed notes take: `name+hash+key`. */
export function noteVerifierKey(name: string, publicKey: string): string {
  const encoded = Buffer.concat([ed25519, rawKey(publicKey)]).toString("base64");
  return `${name}+${noteKeyHash(name, publicKey).toString("hex")}+${encoded}`;
}

/** Hex SHA-256 of the key's DER, as signers name it. */
export function keyIdOf(publicKey: string): string {
  return sha256Hex(createPublicKey(publicKey).export({ type: "spki", format: "der" }));
}

/** The type of an Ed25519 signature in notes. */
const ed25519 = Buffer.of(1);

function noteKeyHash(name: string, publicKey: string): Buffer {
  const named = Buffer.concat([Buffer.from(`${name}\n`), ed25519, rawKey(publicKey)]);
  return Buffer.from(sha256Hex(named).slice(0, 8), "hex");
}

/** The 32 bytes at the end of the DER of an Ed25519 key (RFC 8410). */
function rawKey(publicKey: string): Buffer {
  return createPublicKey(publicKey).export({ type: "spki", format: "der" }).subarray(-32);
}

function signaturesIn({ note, origin }: SignedCheckpoint) {
  const [, lines = ""] = note.split("\n\n");
  return lines
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, name]) => name === origin)
    .flatMap(([, , encoded = ""]) => canonicalBytes(encoded) ?? [])
    .filter((bytes) => bytes.length === 4 + 64)
    .map((bytes) => ({ keyHash: bytes.subarray(0, 4), signature: bytes.subarray(4) }));
}

/** Of several texts that stand for the same bytes one is the signature's: what is spare in the last digit is zero. */
function canonicalBytes(encoded: string): Buffer | undefined {
  const bytes = Buffer.from(encoded, "base64");
  return bytes.toString("base64") === encoded ? bytes : undefined;
}
