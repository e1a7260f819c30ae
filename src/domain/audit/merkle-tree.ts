/**
 * The Merkle tree of RFC 6962 (section 2.1): a leaf is hashed with a 0x00 before it and a node with a 0x01, so that
 * neither can be taken for the other; and its proofs, checked as RFC 9162 does (sections 2.1.3.2 and 2.1.4.2).
 */
import { createHash } from "node:crypto";

export type Hash = Buffer;

const leafPrefix = Buffer.of(0);
const nodePrefix = Buffer.of(1);

export function hashLeaf(leaf: string | Uint8Array): Hash {
  return createHash("sha256").update(leafPrefix).update(leaf).digest();
}

export function hashNode(left: Hash, right: Hash): Hash {
  return createHash("sha256").update(nodePrefix).update(left).update(right).digest();
}

/** The roots of the full subtrees that a tree of this size is made of, the largest first. */
export interface Frontier {
  size: number;
  roots: readonly Hash[];
}

export const emptyFrontier: Frontier = { size: 0, roots: [] };

export function extendFrontier(frontier: Frontier, leaves: Iterable<Hash>): Frontier {
  const roots = [...frontier.roots];
  let { size } = frontier;
  for (const leaf of leaves) {
    let root = leaf;
    // A subtree closes for each 1 at the end of the size in binary.
    for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) root = hashNode(pop(roots), root);
    roots.push(root);
    size += 1;
  }
  return { size, roots };
}

/** How many subtrees a frontier of this size holds. */
export function frontierLength(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}

export function rootOf({ roots }: Pick<Frontier, "roots">): Hash {
  const last = roots.at(-1);
  if (last === undefined) return createHash("sha256").digest();
  return roots.slice(0, -1).reduceRight((right, left) => hashNode(left, right), last);
}

/** Leaves from `start` up to `end`, which is not one of them. */
export interface Span {
  start: number;
  end: number;
}

/** PATH(index, D[size]): the spans whose roots prove that the leaf is in the tree. */
export function inclusionPath(index: number, size: number): Span[] {
  if (index < 0 || index >= size) throw new RangeError(`no leaf ${index} in ${size}`);
  const path: Span[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      path.unshift({ start: middle, end });
      end = middle;
    } else {
      path.unshift({ start, end: middle });
      start = middle;
    }
  }
  return path;
}

/** PROOF(from, D[size]): the spans whose roots prove that the tree of `from` leaves is the beginning of the one of `size`. */
export function consistencyPath(from: number, size: number): Span[] {
  if (from < 1 || from > size) throw new RangeError(`no step from ${from} to ${size}`);
  const path: Span[] = [];
  let [start, end] = [0, size];
  let isWhole = true;
  while (from !== end) {
    const middle = start + splitOf(end - start);
    if (from <= middle) {
      path.unshift({ start: middle, end });
      end = middle;
    } else {
      path.unshift({ start, end: middle });
      start = middle;
      isWhole = false;
    }
  }
  if (!isWhole) path.unshift({ start, end });
  return path;
}

/** A whole subtree: 2^height leaves, the `index`th of those of its height. */
export interface Subtree {
  height: number;
  index: number;
}

/** What a span of such a path is made of, the largest first; `rootOf` their roots is the span's. */
export function subtreesOf({ start, end }: Span): Subtree[] {
  const subtrees: Subtree[] = [];
  for (let at = start; at < end; ) {
    const leaves = largestPower(end - at);
    subtrees.push({ height: Math.log2(leaves), index: at / leaves });
    at += leaves;
  }
  return subtrees;
}

export interface Inclusion {
  index: number;
  size: number;
  proof: readonly Hash[];
}

/** Whether the leaf is in the tree with this root. */
export function verifyInclusion(leaf: Hash, { index, size, proof }: Inclusion, root: Hash): boolean {
  if (index < 0 || index >= size) return false;
  let [at, last] = [index, size - 1];
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = hashNode(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      hash = hashNode(hash, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && hash.equals(root);
}

export interface Growth {
  from: { size: number; root: Hash };
  to: { size: number; root: Hash };
  proof: readonly Hash[];
}

/** Whether the earlier tree is the beginning of the later one. */
export function verifyConsistency({ from, to, proof }: Growth): boolean {
  if (from.size < 1 || from.size > to.size) return false;
  if (from.size === to.size) return proof.length === 0 && from.root.equals(to.root);
  const isFull = frontierLength(from.size) === 1;
  const [first, ...path] = isFull ? [from.root, ...proof] : proof;
  if (first === undefined) return false;
  let [at, last] = [from.size - 1, to.size - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [earlier, later] = [first, first];
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      earlier = hashNode(sibling, earlier);
      later = hashNode(sibling, later);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      later = hashNode(later, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && earlier.equals(from.root) && later.equals(to.root);
}

/** The largest power of two that is smaller than the size. */
function splitOf(size: number): number {
  return largestPower(size - 1);
}

/** The largest power of two that is not larger. */
function largestPower(number: number): number {
  let power = 1;
  while (power * 2 <= number) power *= 2;
  return power;
}

function half(number: number): number {
  return Math.floor(number / 2);
}

function pop(roots: Hash[]): Hash {
  const root = roots.pop();
  if (root === undefined) throw new RangeError("the frontier does not fit its size");
  return root;
}
