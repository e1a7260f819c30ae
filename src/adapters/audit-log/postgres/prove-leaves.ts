/** Proofs from the whole tree of a tenant, which is read for them: they are wanted seldom. */
import type { Pool } from "pg";
import { parseCheckpoint } from "../../../domain/audit/checkpoint.ts";
import { leafHashOf } from "../../../domain/audit/log-leaf.ts";
import {
  emptyFrontier,
  extendFrontier,
  type Hash,
  MerkleTree,
  rootOf,
} from "../../../domain/audit/merkle-tree.ts";
import type { LogProofs, ProvedLeaf, WantedLeaf } from "../../../ports/audit-log.ts";
import { mismatch } from "./make-checkpoint.ts";
import { readLeaves } from "./read-leaves.ts";

const mostCheckpoints = 20_000;
const everyOneOf = 100;

export async function proveLeaves(
  pool: Pool,
  tenantId: string,
  wanted: readonly WantedLeaf[],
): Promise<LogProofs | undefined> {
  const { rows } = await pool.query<{ note: string }>(
    `select c.note from connectsoft.log_checkpoints c where c.tenant_id = $1 order by c.size desc limit $2`,
    [tenantId, mostCheckpoints],
  );
  if (rows[0] === undefined) return undefined;
  const [checkpoint, ...earlier] = rows.map(({ note }) => parseCheckpoint(note));
  if (checkpoint === undefined)
    throw mismatch(tenantId, "its newest checkpoint was changed after it was made");
  const hashes: Hash[] = [];
  const found = new Map<string, Omit<ProvedLeaf, "proof">>();
  const chains = new Set(wanted.map(({ chain, sequence }) => keyOf(chain, sequence)));
  for await (const leaf of readLeaves(pool, tenantId, checkpoint.size)) {
    for (const key of [keyOf(leaf.chain), keyOf(leaf.chain, leaf.sequence)])
      if (chains.has(key)) found.set(key, { ...leaf, index: hashes.length });
    hashes.push(leafHashOf(leaf));
  }
  if (!rootOf(extendFrontier(emptyFrontier, hashes)).equals(checkpoint.root))
    throw mismatch(tenantId, "its leaves were changed after they were taken in");
  const tree = new MerkleTree(hashes);
  return {
    checkpoint,
    leaves: [...found.values()]
      .sort((a, b) => a.index - b.index)
      .map((leaf) => ({ ...leaf, proof: tree.inclusionProof(leaf.index) })),
    growth: earlier
      .filter((_, rank) => isKept(rank))
      .flatMap((one) => (one === undefined ? [] : [one.size]))
      .map((size) => ({ size, proof: tree.consistencyProof(size) })),
  };
}

function keyOf(chain: string, sequence?: number): string {
  return `${chain}#${sequence ?? "newest"}`;
}

/**
 * Of the newest hundred every one, and the older the fewer: a file of checkpoints holds all of its time, so that one
 * of these is always near its end.
 */
function isKept(rank: number): boolean {
  return rank < everyOneOf || rank % 2 ** Math.floor(Math.log2((2 * rank) / everyOneOf)) === 0;
}
