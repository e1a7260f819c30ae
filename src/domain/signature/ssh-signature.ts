/**
 * Signatures as `ssh-keygen -Y sign` makes them, of Ed25519 keys (PROTOCOL.sshsig of OpenSSH), verified from the
 * public key alone.
 */
import { createHash, createPublicKey, verify } from "node:crypto";

export type SshVerdict = { good: true; fingerprint: string } | { good: false; why: string };

/** The line of a public key: `ssh-ed25519 AAAA... comment`. */
export function isSshEd25519Key(line: string): boolean {
  return keyBytesOf(line) !== undefined;
}

/** `SHA256:...`, as ssh-keygen -l prints it. */
export function fingerprintOf(line: string): string | undefined {
  const blob = keyBlobOf(line);
  return blob === undefined ? undefined : fingerprint(blob);
}

/** The public key, as a line, that a signature says it is by. */
export function keyInSignature(signature: string): string | undefined {
  const parsed = parseSignature(signature);
  return typeof parsed === "string" ? undefined : `${keyType} ${parsed.publicKey.toString("base64")}`;
}

/** Whether one of these keys signed this message in this namespace. */
export function verifySshSignature(
  signed: { message: Uint8Array; namespace: string; signature: string },
  keys: readonly string[],
): SshVerdict {
  const parsed = parseSignature(signed.signature);
  if (typeof parsed === "string") return { good: false, why: parsed };
  const { publicKey, namespace, hash, signature } = parsed;
  if (namespace !== signed.namespace)
    return { good: false, why: `is for ${JSON.stringify(namespace)} and not for ${signed.namespace}` };
  const key = keys.find((line) => keyBlobOf(line)?.equals(publicKey) === true);
  const raw = key === undefined ? undefined : keyBytesOf(key);
  if (raw === undefined)
    return { good: false, why: `is by ${fingerprint(publicKey)}, which is no key of theirs` };
  const toBeSigned = Buffer.concat([
    Buffer.from(magic),
    field(namespace),
    field(""),
    field(hash),
    field(createHash(hash).update(signed.message).digest()),
  ]);
  if (!verify(null, toBeSigned, ed25519Key(raw), signature))
    return { good: false, why: "does not fit what was said" };
  return { good: true, fingerprint: fingerprint(publicKey) };
}

const magic = "SSHSIG";
const keyType = "ssh-ed25519";
const longestSignature = 4_096;

interface Parsed {
  publicKey: Buffer;
  namespace: string;
  hash: "sha256" | "sha512";
  signature: Buffer;
}

/** What is wrong with it, where something is. */
function parseSignature(armored: string): Parsed | string {
  const body = /^-----BEGIN SSH SIGNATURE-----\r?\n([A-Za-z0-9+/=\r\n]+)-----END SSH SIGNATURE-----\s*$/.exec(
    armored.slice(0, longestSignature),
  )?.[1];
  if (body === undefined) return "is no SSH signature";
  const bytes = Buffer.from(body.replaceAll(/\s/g, ""), "base64");
  if (bytes.subarray(0, 6).toString("latin1") !== magic || bytes.length < 10 || bytes.readUInt32BE(6) !== 1)
    return "is no SSH signature of version 1";
  const fields = fieldsOf(bytes.subarray(10));
  const [publicKey, namespace, reserved, hash, signature] = fields ?? [];
  if (publicKey === undefined || namespace === undefined || hash === undefined || signature === undefined)
    return "ends too early";
  if (fields?.length !== 5 || reserved?.length !== 0) return "holds more than a signature does";
  const algorithm = hash.toString();
  if (algorithm !== "sha256" && algorithm !== "sha512") return `uses ${JSON.stringify(algorithm)}`;
  const [type, raw, ...rest] = fieldsOf(signature) ?? [];
  if (type?.toString() !== keyType || raw?.length !== 64 || rest.length > 0)
    return `is of another kind than ${keyType}`;
  return { publicKey, namespace: namespace.toString(), hash: algorithm, signature: raw };
}

/** Strings of SSH: a length of four bytes before each; undefined where the lengths do not fit. */
function fieldsOf(bytes: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    fields.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return fields;
}

function field(content: string | Uint8Array): Buffer {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function keyBlobOf(line: string): Buffer | undefined {
  const [type, encoded] = line.trim().split(/\s+/);
  if (type !== keyType || encoded === undefined || !/^[A-Za-z0-9+/]+=*$/.test(encoded)) return undefined;
  return Buffer.from(encoded, "base64");
}

function keyBytesOf(line: string): Buffer | undefined {
  const blob = keyBlobOf(line);
  const [type, raw, ...rest] = (blob === undefined ? undefined : fieldsOf(blob)) ?? [];
  return type?.toString() === keyType && raw?.length === 32 && rest.length === 0 ? raw : undefined;
}

/** SubjectPublicKeyInfo of Ed25519 is a fixed head and the 32 bytes (RFC 8410). */
function ed25519Key(raw: Buffer) {
  const head = Buffer.from("302a300506032b6570032100", "hex");
  return createPublicKey({ key: Buffer.concat([head, raw]), format: "der", type: "spki" });
}

function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
}
