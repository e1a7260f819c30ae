/**
 * A pack and its index, by git's own description of them (https://git-scm.com/docs/pack-format): written under
 * another name, flushed, and given their names only then, the index last, as git does. A kill leaves nothing but a
 * temporary file that git's own maintenance removes. Only to flush is worth a thread: the rest is a call each.
 */
import { createHash, randomUUID } from "node:crypto";
import { closeSync, fsync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { crc32, deflate, deflateSync } from "node:zlib";
import { shortTurns } from "./breathe.ts";
import type { GitObject, ObjectType } from "./objects.ts";

/** Stores the objects; durable when this returns, or without `named` as soon as the file system keeps its names. */
export async function writePack(
  gitDir: string,
  objects: GitObject[],
  { named = true }: { named?: boolean } = {},
): Promise<void> {
  const { pack, checksum, places } = await packOf(objects);
  const folder = join(gitDir, "objects", "pack");
  mkdirSync(folder, { recursive: true });
  const name = createHash("sha1").update(checksum).digest("hex");
  const id = randomUUID();
  // Without an ending: git opens whatever ends with .idx.
  const [stagedPack, stagedIndex] = [join(folder, `tmp_pack_${id}`), join(folder, `tmp_idx_${id}`)];
  try {
    const index = indexOf(places, checksum);
    await Promise.all([writeFlushed(stagedPack, pack), writeFlushed(stagedIndex, index)]);
    renameSync(stagedPack, join(folder, `pack-${name}.pack`));
    renameSync(stagedIndex, join(folder, `pack-${name}.idx`));
  } catch (error) {
    for (const staged of [stagedPack, stagedIndex]) rmSync(staged, { force: true });
    throw error;
  }
  if (named) await flushFolder(folder);
}

/** Moves whole and flushed packs of another repository in: the index last, as git looks for that. */
export async function takeOverPacks(from: string, gitDir: string): Promise<void> {
  const folder = join(gitDir, "objects", "pack");
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(from).sort((one, other) =>
    one.endsWith(".idx") ? 1 : other.endsWith(".idx") ? -1 : 0,
  );
  for (const name of names.filter((name) => name.startsWith("pack-")))
    renameSync(join(from, name), join(folder, name));
  await flushFolder(folder);
}

const flush = promisify(fsync);

async function flushFolder(folder: string): Promise<void> {
  const directory = openSync(folder, "r");
  await flush(directory).finally(() => closeSync(directory));
}

interface Place {
  id: string;
  offset: number;
  crc: number;
}

const typeBits: Record<ObjectType, number> = { commit: 1, tree: 2, blob: 3, tag: 4 };

/** zlib otherwise takes a quarter of a megabyte for each object, which costs more than the work. */
const smallBody = 4_096;
const smallWindow = { level: 1, windowBits: 12, memLevel: 4 };
/** Larger ones are worth a thread. */
const largeBody = 262_144;
const deflateAside = promisify<Buffer, { level: number }, Buffer>(deflate);

async function packOf(objects: GitObject[]): Promise<{ pack: Buffer; checksum: Buffer; places: Place[] }> {
  const header = Buffer.from("PACK\0\0\0\x02\0\0\0\0", "latin1");
  header.writeUInt32BE(objects.length, 8);
  const parts: Buffer[] = [header];
  const places: Place[] = [];
  const turnEnds = shortTurns();
  let offset = header.length;
  for (const { id, type, body } of objects) {
    const head = objectHeader(typeBits[type], body.length);
    const content = await compressed(body);
    places.push({ id, offset, crc: crc32(content, crc32(head)) });
    parts.push(head, content);
    offset += head.length + content.length;
    await turnEnds();
  }
  const pack = Buffer.concat(parts);
  const checksum = createHash("sha1").update(pack).digest();
  return { pack: Buffer.concat([pack, checksum]), checksum, places };
}

function compressed(body: Buffer): Buffer | Promise<Buffer> {
  if (body.length >= largeBody) return deflateAside(body, { level: 1 });
  return deflateSync(body, body.length < smallBody ? smallWindow : { level: 1 });
}

/** Four bits of the size beside the type, then seven a byte, lowest first. */
function objectHeader(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size & 0b1111)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push((bytes.pop() ?? 0) | 0b1000_0000, rest & 0b111_1111);
  }
  return Buffer.from(bytes);
}

/** Version 2: how many ids begin with each byte or a lower one, then ids, checksums and offsets in their order. */
function indexOf(places: Place[], packChecksum: Buffer): Buffer {
  const sorted = places.toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const fanOut = Buffer.alloc(256 * 4);
  const [crcs, offsets] = [Buffer.alloc(sorted.length * 4), Buffer.alloc(sorted.length * 4)];
  for (const [index, { id, crc, offset }] of sorted.entries()) {
    // One call's objects come out of memory: offsets stay far below the 2 GB where another table begins.
    offsets.writeUInt32BE(offset, index * 4);
    crcs.writeUInt32BE(crc, index * 4);
    const first = Number.parseInt(id.slice(0, 2), 16);
    fanOut.writeUInt32BE(fanOut.readUInt32BE(first * 4) + 1, first * 4);
  }
  for (let byte = 1; byte < 256; byte += 1)
    fanOut.writeUInt32BE(fanOut.readUInt32BE(byte * 4) + fanOut.readUInt32BE((byte - 1) * 4), byte * 4);
  const ids = Buffer.from(sorted.map(({ id }) => id).join(""), "hex");
  const magic = Buffer.from("\xfftOc\0\0\0\x02", "latin1");
  const index = Buffer.concat([magic, fanOut, ids, crcs, offsets, packChecksum]);
  return Buffer.concat([index, createHash("sha1").update(index).digest()]);
}

async function writeFlushed(path: string, content: Buffer): Promise<void> {
  const file = openSync(path, "wx", 0o444);
  try {
    for (let at = 0; at < content.length; ) at += writeSync(file, content, at);
    await flush(file);
  } finally {
    closeSync(file);
  }
}
