/**
 * Stores objects as a push does: one pack that git itself checks and takes in, loose where it is small. git flushes
 * them to disk before it ends, so that a ref which moves afterwards never points to what a power cut takes away.
 */
import { createHash } from "node:crypto";
import { deflateSync } from "node:zlib";
import { readObject } from "./object-reader.ts";
import { type GitObject, type ObjectType, parseTree, type TreeEntry } from "./objects.ts";
import type { Repository } from "./repository.ts";
import { runGit } from "./run-git.ts";

/** As `receive.unpackLimit`: fewer objects become files of their own, so that small packs do not pile up. */
const smallestPack = 100;

/** Objects that are made and not stored yet, laid over the repository. */
export interface ObjectDraft {
  repository: Repository;
  add(object: GitObject): string;
  readTree(id: string): Promise<TreeEntry[]>;
  /** Stores all that was added since. */
  store(): Promise<void>;
}

export function draftObjects(repository: Repository): ObjectDraft {
  const trees = new Map<string, TreeEntry[]>();
  let fresh = new Map<string, GitObject>();
  return {
    repository,
    add(object) {
      fresh.set(object.id, object);
      if (object.type === "tree") trees.set(object.id, parseTree(object.body));
      return object.id;
    },
    async readTree(id) {
      const known = trees.get(id);
      if (known !== undefined) return known;
      const found = await readObject(repository, id);
      if (found?.type !== "tree") throw new Error(`${repository.name} holds no tree ${id}; see git fsck.`);
      const entries = parseTree(found.body);
      trees.set(id, entries);
      return entries;
    },
    async store() {
      const objects = [...fresh.values()];
      fresh = new Map();
      if (objects.length > 0) await storeObjects(repository, objects);
    },
  };
}

async function storeObjects({ gitDir }: Repository, objects: GitObject[]): Promise<void> {
  const input = packOf(objects);
  const small = objects.length < smallestPack;
  await runGit(small ? ["unpack-objects", "-q"] : ["index-pack", "--stdin", "--threads=1"], {
    ...{ gitDir, input },
  });
}

const typeBits: Record<ObjectType, number> = { commit: 1, tree: 2, blob: 3, tag: 4 };

/** https://git-scm.com/docs/pack-format: a header, each object whole, and the digest of it all. */
function packOf(objects: GitObject[]): Buffer {
  const header = Buffer.from("PACK\0\0\0\x02\0\0\0\0", "latin1");
  header.writeUInt32BE(objects.length, 8);
  const parts = objects.flatMap(({ type, body }) => [
    objectHeader(typeBits[type], body.length),
    deflateSync(body, { level: 1 }),
  ]);
  const pack = Buffer.concat([header, ...parts]);
  return Buffer.concat([pack, createHash("sha1").update(pack).digest()]);
}

/** Four bits of the size beside the type, then seven a byte, lowest first. */
function objectHeader(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size & 0b1111)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push((bytes.pop() ?? 0) | 0b1000_0000, rest & 0b111_1111);
  }
  return Buffer.from(bytes);
}
