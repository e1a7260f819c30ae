/** Copies a directory and hashes what it wrote in the same pass, so that the digest is of the copy's bytes. */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { inParallel } from "./in-parallel.ts";
import { fileEntry, type HashedEntry, hex, listTree, otherEntry, type TreeEntry } from "./tree-digest.ts";

export interface CopiedTree {
  entries: HashedEntry[];
  files: number;
  bytes: number;
}

const wholeFileLimit = 1024 * 1024;

/** Files come out read-only; `to` must not be there. */
export async function copyTree(
  from: string,
  to: string,
  leftOut?: (path: string) => boolean,
): Promise<CopiedTree> {
  const tree = await listTree(from, leftOut);
  const copied: CopiedTree = { entries: [], files: 0, bytes: 0 };
  await mkdir(to, { mode: 0o755 });
  for (const entry of tree) {
    if (entry.kind === "directory") await mkdir(join(to, entry.path), { mode: 0o755 });
    if (entry.kind === "link") await symlink(entry.target, join(to, entry.path));
    if (entry.kind !== "file") copied.entries.push(...otherEntry(entry));
  }
  const files = tree.filter((entry) => entry.kind === "file");
  await inParallel(files, async (entry) => {
    copied.entries.push(fileEntry(entry, await copyFile(from, to, entry)));
    copied.files += 1;
    copied.bytes += entry.size;
  });
  return copied;
}

/** Makes a whole directory durable, before its name says that it is. */
export async function flushTree(root: string): Promise<void> {
  const entries = await listTree(root);
  const paths = entries.filter((entry) => entry.kind !== "link").map((entry) => join(root, entry.path));
  await inParallel([...paths, root], async (path) => {
    const handle = await open(path, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
}

async function copyFile(
  from: string,
  to: string,
  entry: Extract<TreeEntry, { kind: "file" }>,
): Promise<string> {
  const mode = entry.executable ? 0o555 : 0o444;
  const target = join(to, entry.path);
  if (entry.size <= wholeFileLimit) {
    const content = await readFile(join(from, entry.path));
    await writeFile(target, content, { mode, flag: "wx" });
    return hex(content);
  }
  const hash = createHash("sha256");
  const tap = new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(
    createReadStream(join(from, entry.path)),
    tap,
    createWriteStream(target, { mode, flags: "wx" }),
  );
  return hash.digest("hex");
}
