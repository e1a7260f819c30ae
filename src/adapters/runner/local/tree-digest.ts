/**
 * The digest of a directory: sha256 over its entries in order of path, each with mode, sha256 of its
 * content (a link: of its target) and path. Times, owners and permission bits other than executable are left out.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readFile, readlink, realpath } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize, sep } from "node:path";
import { refuse } from "../../../domain/refusal.ts";
import { inParallel } from "./in-parallel.ts";

export type TreeEntry =
  | { kind: "file"; path: string; executable: boolean; size: number }
  | { kind: "link"; path: string; target: string }
  /** A directory; only an empty one counts for the digest. */
  | { kind: "directory"; path: string; empty: boolean };

export interface HashedEntry {
  path: string;
  mode: "100644" | "100755" | "120000" | "040000";
  sha256: string;
}

const wholeFileLimit = 1024 * 1024;

/** Every entry below a directory, paths with `/`; refuses links that leave it and what is neither file, link nor directory. */
export async function listTree(
  root: string,
  leftOut: (path: string) => boolean = () => false,
): Promise<TreeEntry[]> {
  const entries: TreeEntry[] = [];
  const home = await realpath(root);
  await visit("");
  return entries;

  async function visit(folder: string): Promise<number> {
    const children = await readdir(join(root, folder), { withFileTypes: true });
    let kept = 0;
    for (const child of children) {
      const path = folder === "" ? child.name : `${folder}/${child.name}`;
      if (leftOut(path)) continue;
      kept += 1;
      if (child.isDirectory()) {
        const at = entries.push({ kind: "directory", path, empty: false }) - 1;
        const inside = await visit(path);
        entries[at] = { kind: "directory", path, empty: inside === 0 };
      } else if (child.isSymbolicLink()) {
        entries.push({ kind: "link", path, target: await insideTarget(root, home, path) });
      } else if (child.isFile()) {
        const { mode, size } = await lstat(join(root, path));
        entries.push({ kind: "file", path, executable: (mode & 0o111) !== 0, size });
      } else {
        throw refuse(
          "ModuleInvalid",
          `${path} is neither a file, a link nor a directory, so it cannot be part of an artifact.`,
          "Remove it, or make it at start.",
        );
      }
    }
    return kept;
  }
}

/** Digest of a directory as it lies there. */
export async function digestTree(root: string): Promise<string> {
  const entries = await listTree(root);
  const hashed: HashedEntry[] = [];
  await inParallel(entries, async (entry) => {
    if (entry.kind === "file")
      hashed.push(fileEntry(entry, await hashFile(join(root, entry.path), entry.size)));
    else hashed.push(...otherEntry(entry));
  });
  return digestOfEntries(hashed);
}

export function digestOfEntries(entries: HashedEntry[]): string {
  const hash = createHash("sha256");
  const ordered = entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  for (const { mode, sha256, path } of ordered) hash.update(`${mode} ${sha256} ${path}\0`);
  return `sha256:${hash.digest("hex")}`;
}

export function fileEntry(entry: { path: string; executable: boolean }, sha256: string): HashedEntry {
  return { path: entry.path, mode: entry.executable ? "100755" : "100644", sha256 };
}

export function otherEntry(entry: Exclude<TreeEntry, { kind: "file" }>): HashedEntry[] {
  if (entry.kind === "link") return [{ path: entry.path, mode: "120000", sha256: hex(entry.target) }];
  return entry.empty ? [{ path: entry.path, mode: "040000", sha256: hex("") }] : [];
}

export function hex(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

async function hashFile(path: string, size: number): Promise<string> {
  if (size <= wholeFileLimit) return hex(await readFile(path));
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}

async function insideTarget(root: string, home: string, path: string): Promise<string> {
  const target = await readlink(join(root, path));
  const lexical = normalize(join(dirname(path), target));
  const outside = isAbsolute(target) || lexical === ".." || lexical.startsWith(`..${sep}`);
  if (outside || !(await endsInside(join(root, path), home)))
    throw refuse(
      "ModuleInvalid",
      `${path} is a link to ${target}, which lies outside the module; an artifact holds all that it needs.`,
      "Put a copy of the file into the module, or a relative link that stays inside.",
    );
  return target;
}

/** A link whose target is not there leads nowhere, and so not outside. */
async function endsInside(link: string, home: string): Promise<boolean> {
  try {
    const end = await realpath(link);
    return end === home || end.startsWith(home + sep);
  } catch {
    return true;
  }
}
