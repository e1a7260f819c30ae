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

/** Who has an older file than this many checkpoints asks for an archive with a newer one. */
const mostGrowth = 2_000;

export async function proveLeaves(
  pool: Pool,
  tenantId: string,
  wanted: readonly WantedLeaf[],
): Promise<LogProofs | undefined> {
  const { rows } = await pool.query<{ note: string }>(
    `select c.note from connectsoft.log_checkpoints c where c.tenant_id = $1 order by c.size desc limit $2`,
    [tenantId, mostGrowth],
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
      .flatMap((one) => (one === undefined ? [] : [one.size]))
      .map((size) => ({ size, proof: tree.consistencyProof(size) })),
  };
}

function keyOf(chain: string, sequence?: number): string {
  return `${chain}#${sequence ?? "newest"}`;
}
