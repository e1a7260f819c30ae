/** Proofs from the subtrees that are kept. Each is verified before it is given out: rows that were changed prove nothing. */
import type { Pool } from "pg";
import { parseCheckpoint, type SignedCheckpoint } from "../../../domain/audit/checkpoint.ts";
import { leafHashOf } from "../../../domain/audit/log-leaf.ts";
import {
  consistencyPath,
  type Hash,
  inclusionPath,
  rootOf,
  type Span,
  subtreesOf,
  verifyConsistency,
  verifyInclusion,
} from "../../../domain/audit/merkle-tree.ts";
import type { LogProofs, ProvedLeaf, WantedLeaf } from "../../../ports/audit-log.ts";
import { readSubtrees } from "./log-nodes.ts";
import { mismatch } from "./make-checkpoint.ts";

const mostCheckpoints = 20_000;
const everyOneOf = 100;

export async function proveLeaves(
  pool: Pool,
  tenantId: string,
  wanted: readonly WantedLeaf[],
): Promise<LogProofs | undefined> {
  const [checkpoint, ...earlier] = await readCheckpoints(pool, tenantId);
  if (checkpoint === undefined) return undefined;
  const { root, size } = checkpoint;
  const leaves = await findLeaves(pool, tenantId, { wanted, size });
  const paths = [
    ...leaves.map(({ index }) => inclusionPath(index, size)),
    ...earlier.map((one) => consistencyPath(one.size, size)),
  ];
  const spans = paths.flat();
  const rootOfSubtree = await readSubtrees(pool, tenantId, spans.flatMap(subtreesOf));
  const proofOf = (path: Span[]): Hash[] =>
    path.map((span) => rootOf({ roots: subtreesOf(span).flatMap((one) => rootOfSubtree(one) ?? []) }));
  const proved = leaves.map((leaf) => ({ ...leaf, proof: proofOf(inclusionPath(leaf.index, size)) }));
  const growth = earlier.map((from) => ({ from, proof: proofOf(consistencyPath(from.size, size)) }));
  const fits =
    proved.every((leaf) => verifyInclusion(leafHashOf(leaf), { ...leaf, size }, root)) &&
    growth.every(({ from, proof }) => verifyConsistency({ from, to: checkpoint, proof }));
  if (!fits)
    throw mismatch(tenantId, "its leaves, or the roots kept of them, were changed after they were taken in");
  return {
    checkpoint,
    leaves: proved,
    growth: growth.map(({ from, proof }) => ({ size: from.size, proof })),
  };
}

/** The newest, and those before it from which growth is proved. */
async function readCheckpoints(pool: Pool, tenantId: string): Promise<SignedCheckpoint[]> {
  const { rows } = await pool.query<{ size: string }>(
    `select c.size from connectsoft.log_checkpoints c where c.tenant_id = $1 order by c.size desc limit $2`,
    [tenantId, mostCheckpoints],
  );
  const kept = rows.filter((_, at) => at === 0 || isKept(at - 1)).map(({ size }) => size);
  const { rows: notes } = await pool.query<{ note: string }>(
    `select c.note from connectsoft.log_checkpoints c
     where c.tenant_id = $1 and c.size = any($2::bigint[]) order by c.size desc`,
    [tenantId, kept],
  );
  return notes.map(({ note }) => {
    const checkpoint = parseCheckpoint(note);
    if (checkpoint === undefined)
      throw mismatch(tenantId, "one of its checkpoints was changed after it was made");
    return checkpoint;
  });
}

/** In order of their places; each once. */
async function findLeaves(
  pool: Pool,
  tenantId: string,
  { wanted, size }: { wanted: readonly WantedLeaf[]; size: number },
): Promise<Omit<ProvedLeaf, "proof">[]> {
  const { rows } = await pool.query<{ position: string; chain: string; sequence: string; hash: string }>(
    `select distinct l.position, w.chain, l.sequence, l.hash
     from unnest($2::text[], $3::bigint[]) as w (chain, sequence)
     cross join lateral (
       select n.position, n.sequence, n.hash from connectsoft.log_leaves n
       where n.tenant_id = $1 and n.chain = w.chain and n.position < $4
         and n.sequence <= coalesce(w.sequence, 9223372036854775807)
       order by n.sequence desc limit 1
     ) l
     where w.sequence is null or l.sequence = w.sequence
     order by l.position`,
    [tenantId, wanted.map(({ chain }) => chain), wanted.map(({ sequence }) => sequence ?? null), size],
  );
  return rows.map(({ position, chain, sequence, hash }) => ({
    ...{ chain, hash, sequence: Number(sequence), index: Number(position) },
  }));
}

/**
 * Of the newest hundred every one, and the older the fewer: a file of checkpoints holds all of its time, so that one
 * of these is always near its end.
 */
function isKept(rank: number): boolean {
  return rank < everyOneOf || rank % 2 ** Math.floor(Math.log2((2 * rank) / everyOneOf)) === 0;
}
