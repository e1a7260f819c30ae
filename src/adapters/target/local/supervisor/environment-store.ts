/**
 * What releases were given, secrets included, at rest: JWE compact (direct A256GCM, RFC 7516) under one key in a
 * file that only its owner can read. The protected header names the release: moved to another one it does not
 * open. Written with node:crypto, because jose costs the supervisor 6 to 9 MB of memory; what is written here jose
 * opens, and the other way round.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { chmod, link, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { refuse } from "../../../../domain/refusal.ts";
import type { NamedRelease } from "../../../../ports/target.ts";
import { type Layout, makeDirectory } from "../layout.ts";
import { replaceFile } from "./state-file.ts";

export type Environment = Record<string, string>;

export interface EnvironmentStore {
  write(named: NamedRelease, environment: Environment): Promise<void>;
  /** Empty where nothing was written. Refuses with Unavailable what another key sealed, or somebody changed. */
  read(named: NamedRelease): Promise<Environment>;
  remove(named: NamedRelease): Promise<void>;
}

const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;

export function createEnvironmentStore(layout: Layout): EnvironmentStore {
  const keyFile = join(layout.directory, "environment.key");
  let key: Promise<Buffer> | undefined;
  const theKey = () => {
    key ??= readOrMakeKey(keyFile);
    key.catch(() => {
      key = undefined;
    });
    return key;
  };
  const folderOf = ({ namespace, moduleId, releaseId }: NamedRelease) =>
    layout.release(namespace, moduleId, releaseId);
  const sealedFile = (named: NamedRelease) => join(folderOf(named), "environment.jwe");
  /** How it was kept before it was sealed. */
  const plainFile = (named: NamedRelease) => join(folderOf(named), "environment.json");

  async function write(named: NamedRelease, environment: Environment): Promise<void> {
    await replaceFile(sealedFile(named), seal(JSON.stringify(environment), placeOf(named), await theKey()));
    await rm(plainFile(named), { force: true });
  }

  return {
    write,
    async read(named) {
      const sealed = await readText(sealedFile(named));
      if (sealed !== undefined) {
        const opened = unseal(sealed, placeOf(named), await theKey());
        if (opened !== undefined) return JSON.parse(opened) as Environment;
        throw refuse(
          "Unavailable",
          `the environment of ${named.releaseId} of ${named.moduleId} cannot be opened with the key in ${keyFile}: it was sealed with another key, or changed`,
          "restore the key file that belongs to this directory, or deploy the release again",
        );
      }
      const plain = await readText(plainFile(named));
      if (plain === undefined) return {};
      const environment = JSON.parse(plain) as Environment;
      await write(named, environment);
      return environment;
    },
    async remove(named) {
      for (const file of [sealedFile(named), plainFile(named)]) await rm(file, { force: true });
    },
  };
}

function placeOf({ namespace, moduleId, releaseId }: NamedRelease): string {
  return `${namespace}/${moduleId}/${releaseId}`;
}

function seal(text: string, place: string, key: Buffer): string {
  const header = encode(Buffer.from(JSON.stringify({ alg: "dir", enc: "A256GCM", place })));
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: tagBytes }).setAAD(
    Buffer.from(header),
  );
  const content = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return [header, "", encode(iv), encode(content), encode(cipher.getAuthTag())].join(".");
}

/** Undefined where it does not open, or belongs to another release. */
function unseal(sealed: string, place: string, key: Buffer): string | undefined {
  const [header = "", , ...parts] = sealed.trim().split(".");
  const [iv = decode(""), content = decode(""), tag = decode("")] = parts.map(decode);
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, iv, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(header)).setAuthTag(tag);
    const text = Buffer.concat([decipher.update(content), decipher.final()]).toString("utf8");
    const { alg, enc, place: sealedFor } = JSON.parse(decode(header).toString()) as Record<string, unknown>;
    return alg === "dir" && enc === "A256GCM" && sealedFor === place ? text : undefined;
  } catch {
    return undefined;
  }
}

function encode(bytes: Buffer): string {
  return bytes.toString("base64url");
}

function decode(text: string): Buffer {
  return Buffer.from(text, "base64url");
}

async function readOrMakeKey(path: string): Promise<Buffer> {
  const existing = await readText(path);
  if (existing === undefined) await makeKey(path);
  const key = decode((existing ?? (await readFile(path, "utf8"))).trim());
  if (key.length !== keyBytes)
    throw refuse(
      "Unavailable",
      `${path} holds no key: expected 32 bytes in base64url`,
      "restore it from a backup",
    );
  await chmod(path, 0o600);
  return key;
}

/** A link never replaces: of two that begin at once, one makes the key and both use it. */
async function makeKey(path: string): Promise<void> {
  makeDirectory(join(path, ".."));
  const temporary = `${path}.${randomBytes(6).toString("hex")}`;
  const file = await open(temporary, "wx", 0o600);
  try {
    await file.writeFile(`${encode(randomBytes(keyBytes))}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(temporary);
}

async function readText(path: string): Promise<string | undefined> {
  return await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
