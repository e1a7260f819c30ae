import fc from "fast-check";
import { expect, test } from "vitest";
import {
  consistencyPath,
  emptyFrontier,
  extendFrontier,
  frontierLength,
  type Hash,
  hashLeaf,
  inclusionPath,
  rootOf,
  type Span,
  subtreesOf,
  verifyConsistency,
  verifyInclusion,
} from "./merkle-tree.ts";

/** The test vectors that Certificate Transparency's implementations share. */
const vectors = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const roots = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const vectorLeaves = vectors.map((hex) => hashLeaf(Buffer.from(hex, "hex")));

test("the empty tree and the known trees have their known roots", () => {
  expect(rootOf(emptyFrontier).toString("hex")).toBe(
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  );
  expect(vectorLeaves.map((_, index) => rootHex(vectorLeaves.slice(0, index + 1)))).toEqual(roots);
});

test("the known proofs are made", () => {
  const tree = treeOf(vectorLeaves);
  const hex = (proof: Hash[]) => proof.map((hash) => hash.toString("hex").slice(0, 8));
  expect(hex(tree.inclusionProof(0, 8))).toEqual(["96a296d2", "5f083f0a", "6b47aaf2"]);
  expect(hex(tree.inclusionProof(5, 8))).toEqual(["bc1a0643", "ca854ea1", "d37ee418"]);
  expect(hex(tree.inclusionProof(2, 3))).toEqual(["fac54203"]);
  expect(hex(tree.consistencyProof(1, 1))).toEqual([]);
  expect(hex(tree.consistencyProof(6, 8))).toEqual(["0ebc5d34", "ca854ea1", "d37ee418"]);
  expect(hex(tree.consistencyProof(2, 5))).toEqual(["5f083f0a", "bc1a0643"]);
});

const sizes = fc.integer({ min: 1, max: 140 });
const places = sizes.chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size - 1 })));

test("every leaf of every tree is proved to be in it, and in no other place, tree or root", () => {
  fc.assert(
    fc.property(places, fc.integer({ min: 0, max: 31 }), ([size, index], byte) => {
      const leaves = leavesUpTo(size);
      const root = rootOf(extendFrontier(emptyFrontier, leaves));
      const proof = treeOf(leaves).inclusionProof(index);
      const leaf = leaves[index] as Hash;
      expect(verifyInclusion(leaf, { index, size, proof }, root)).toBe(true);
      expect(verifyInclusion(hashLeaf("another"), { index, size, proof }, root)).toBe(false);
      expect(verifyInclusion(leaf, { index, size, proof }, changed(root, byte))).toBe(false);
      expect(verifyInclusion(leaf, { index: index + 1, size, proof }, root)).toBe(false);
      for (const at of proof.keys()) {
        const wrong = proof.with(at, changed(proof[at] as Hash, byte));
        expect(verifyInclusion(leaf, { index, size, proof: wrong }, root)).toBe(false);
        expect(verifyInclusion(leaf, { index, size, proof: proof.toSpliced(at, 1) }, root)).toBe(false);
      }
      expect(verifyInclusion(leaf, { index, size, proof: [...proof, root] }, root)).toBe(false);
    }),
  );
});

test("a tree that grew is proved to begin with the earlier one, and one that was rewritten is not", () => {
  fc.assert(
    fc.property(places, fc.integer({ min: 0, max: 31 }), ([size, before], byte) => {
      const leaves = leavesUpTo(size);
      const from = {
        size: before + 1,
        root: rootOf(extendFrontier(emptyFrontier, leaves.slice(0, before + 1))),
      };
      const to = { size, root: rootOf(extendFrontier(emptyFrontier, leaves)) };
      const proof = treeOf(leaves).consistencyProof(from.size);
      expect(verifyConsistency({ from, to, proof })).toBe(true);
      const other = { ...from, root: changed(from.root, byte) };
      expect(verifyConsistency({ from: other, to, proof })).toBe(false);
      expect(verifyConsistency({ from, to: { ...to, root: changed(to.root, byte) }, proof })).toBe(false);
      for (const at of proof.keys()) {
        const wrong = proof.with(at, changed(proof[at] as Hash, byte));
        expect(verifyConsistency({ from, to, proof: wrong })).toBe(false);
      }
      expect(verifyConsistency({ from, to, proof: [...proof, to.root] })).toBe(false);
    }),
  );
});

test("a frontier goes on from anywhere, and has one root for each 1 of its size", () => {
  fc.assert(
    fc.property(places, ([size, cut]) => {
      const leaves = leavesUpTo(size);
      const inTwo = extendFrontier(extendFrontier(emptyFrontier, leaves.slice(0, cut)), leaves.slice(cut));
      expect(inTwo).toEqual(extendFrontier(emptyFrontier, leaves));
      expect(inTwo.roots).toHaveLength(frontierLength(size));
    }),
  );
});

test("a span of a proof is made of whole subtrees, the largest first, without a gap", () => {
  fc.assert(
    fc.property(places, ([size, index]) => {
      for (const span of [...inclusionPath(index, size), ...consistencyPath(index + 1, size)]) {
        let at = span.start;
        for (const { height, index: number } of subtreesOf(span)) {
          expect(number * 2 ** height).toBe(at);
          at += 2 ** height;
        }
        expect(at).toBe(span.end);
      }
    }),
  );
});

/** Proofs by the definition: every root made from its leaves. */
function treeOf(leaves: Hash[]) {
  const rootOfSpan = ({ start, end }: Span) =>
    rootOf(extendFrontier(emptyFrontier, leaves.slice(start, end)));
  return {
    inclusionProof: (index: number, size = leaves.length) => inclusionPath(index, size).map(rootOfSpan),
    consistencyProof: (from: number, size = leaves.length) => consistencyPath(from, size).map(rootOfSpan),
  };
}

function leavesUpTo(size: number): Hash[] {
  return Array.from({ length: size }, (_, index) => hashLeaf(`leaf ${index}`));
}

function rootHex(leaves: Hash[]): string {
  return rootOf(extendFrontier(emptyFrontier, leaves)).toString("hex");
}

function changed(hash: Hash, byte: number): Hash {
  const copy = Buffer.from(hash);
  copy.writeUInt8(copy.readUInt8(byte) ^ 1, byte);
  return copy;
}
