/** git's objects as bytes: what an id is the digest of. Names in trees are kept byte for byte, one character a byte. */
import { createHash } from "node:crypto";

export type ObjectType = "blob" | "tree" | "commit" | "tag";

export interface GitObject {
  id: string;
  type: ObjectType;
  body: Buffer;
}

export interface TreeEntry {
  mode: string;
  /** Bytes as latin1, so that a name that is no UTF-8 survives. */
  name: string;
  id: string;
}

export { emptyTree } from "../../../ports/source-control.ts";

export const treeMode = "40000";

export function gitObject(type: ObjectType, body: Buffer): GitObject {
  const id = createHash("sha1").update(`${type} ${body.length}\0`).update(body).digest("hex");
  return { id, type, body };
}

export function parseTree(body: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < body.length; ) {
    const blank = body.indexOf(0x20, at);
    const end = body.indexOf(0, blank);
    entries.push({
      mode: body.toString("latin1", at, blank),
      name: body.toString("latin1", blank + 1, end),
      id: body.toString("hex", end + 1, end + 21),
    });
    at = end + 21;
  }
  return entries;
}

/** In git's order: by bytes, a folder as if its name ended with a slash. */
export function treeObject(entries: Iterable<TreeEntry>): GitObject {
  const sorted = [...entries]
    .map((entry) => ({ ...entry, key: entry.mode === treeMode ? `${entry.name}/` : entry.name }))
    .sort((one, other) => (one.key < other.key ? -1 : 1));
  const parts = sorted.flatMap(({ mode, name, id }) => [
    Buffer.from(`${mode} ${name}\0`, "latin1"),
    Buffer.from(id, "hex"),
  ]);
  return gitObject("tree", Buffer.concat(parts));
}

export interface ParsedCommit {
  tree: string;
  parents: string[];
  message: string;
}

export function parseCommit(body: Buffer): ParsedCommit {
  const text = body.toString("utf8");
  const end = text.indexOf("\n\n");
  const lines = text.slice(0, end).split("\n");
  const values = (key: string) =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  return { tree: values("tree")[0] ?? "", parents: values("parent"), message: text.slice(end + 2) };
}
