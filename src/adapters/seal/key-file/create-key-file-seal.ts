/** Seals with one key in a file that only its owner can read: JWE compact (direct A256GCM). */
import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { CompactEncrypt, compactDecrypt } from "jose";
import { sha256 } from "../../../domain/canonical-json.ts";
import { refuse } from "../../../domain/refusal.ts";
import type { Seal } from "../../../ports/seal.ts";

/** The key file is made at the first call; processes that begin at once share one. */
export function createKeyFileSeal(keyFile: string): Seal {
  let key: Promise<Uint8Array> | undefined;
  const theKey = () => {
    key ??= readOrMakeKey(keyFile);
    key.catch(() => {
      key = undefined;
    });
    return key;
  };
  return {
    async seal(value, place) {
      const key = await theKey();
      return await new CompactEncrypt(new TextEncoder().encode(value))
        .setProtectedHeader({ alg: "dir", enc: "A256GCM", kid: keyId(key), place })
        .encrypt(key);
    },
    async open(sealed, place) {
      try {
        const { plaintext, protectedHeader } = await compactDecrypt(sealed, await theKey());
        if (protectedHeader.place === place) return new TextDecoder().decode(plaintext);
      } catch (error) {
        if (!(error instanceof Error && error.name.startsWith("JWE"))) throw error;
      }
      throw refuse(
        "Unavailable",
        `a sealed value cannot be opened with the key in ${keyFile}: it was sealed with another key, or changed`,
        "Restore the key file that belongs to this database, or set the value again.",
      );
    },
  };
}

/** Identifies the key without telling anything of it. */
function keyId(key: Uint8Array): string {
  return sha256(key).slice("sha256:".length, "sha256:".length + 16);
}

async function readOrMakeKey(path: string): Promise<Uint8Array> {
  const existing = await readKey(path);
  if (existing !== undefined) return existing;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomBytes(6).toString("hex")}`;
  const file = await open(temporary, "wx", 0o600);
  try {
    await file.writeFile(`${randomBytes(32).toString("base64url")}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  // A link never replaces: of several processes that begin at once, one makes the key and all use it.
  await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(temporary);
  const made = await readKey(path);
  if (made === undefined) throw refuse("Unavailable", `the key file ${path} is gone again`, "Try again.");
  return made;
}

async function readKey(path: string): Promise<Uint8Array | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const key = Buffer.from(text.trim(), "base64url");
  if (key.length !== 32) {
    throw refuse(
      "Unavailable",
      `${path} holds no key: expected 32 bytes in base64url`,
      "Restore it from a backup.",
    );
  }
  await chmod(path, 0o600);
  return key;
}
