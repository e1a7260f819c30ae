/**
 * A leaf of a tenant's log: where one of its chains ended when a checkpoint was made. As a chain links each event to
 * the one before, such a leaf stands for all of them. Of the journal, every entry is a leaf.
 */
import { canonicalJson } from "../canonical-json.ts";
import { type Hash, hashLeaf } from "./merkle-tree.ts";

export interface LogLeaf {
  /** The subject of a delivery, or `journal`. */
  chain: string;
  sequence: number;
  /** Hex SHA-256, as the chain has it. */
  hash: string;
}

export const journalChain = "journal";

export function leafHashOf({ chain, sequence, hash }: LogLeaf): Hash {
  return hashLeaf(canonicalJson({ chain, sequence, hash }));
}
