/**
 * Roots of whole subtrees of a tenant's tree, kept so that a proof reads some rows and not all leaves: a level for each
 * four of height, of which the lowest are the leaves themselves.
 */
import type { Pool, PoolClient } from "pg";
import { leafHashOf } from "../../../domain/audit/log-leaf.ts";
import {
  emptyFrontier,
  extendFrontier,
  type Hash,
  rootOf,
  type Subtree,
} from "../../../domain/audit/merkle-tree.ts";

/** How much higher the subtrees of a level are than those of the one below. */
const heightOfLevel = 4;
/** How many of them make one of the next level. */
const childrenOfNode = 2 ** heightOfLevel;
const nodesAtOnce = 1_000;

type Database = Pool | PoolClient;

/** Keeps what a tree of this size has whole and was not kept yet. */
export async function completeNodes(client: PoolClient, tenantId: string, size: number): Promise<void> {
  let below = size;
  for (let level = 1; below >= childrenOfNode; level += 1) {
    const whole = Math.floor(below / childrenOfNode);
    for (let from = await keptNodes(client, tenantId, level); from < whole; from += nodesAtOnce) {
      const nodes = await makeNodes(client, tenantId, {
        level,
        from,
        to: Math.min(from + nodesAtOnce, whole),
      });
      await client.query(
        `insert into connectsoft.log_nodes (tenant_id, level, position, hash)
         select $1, $2, $3::bigint + n.ordinality - 1, n.hash from unnest($4::text[]) with ordinality as n (hash, ordinality)`,
        [tenantId, level, from, nodes.map((hash) => hash.toString("hex"))],
      );
    }
    below = whole;
  }
}

/** Of the nodes that are kept, the first that the ones below do not make. */
export async function firstStrangeNode(
  client: PoolClient,
  tenantId: string,
  size: number,
): Promise<{ level: number; position: number } | undefined> {
  let below = size;
  for (let level = 1; below > 0; level += 1) {
    const kept = await keptNodes(client, tenantId, level);
    const whole = Math.floor(below / childrenOfNode);
    if (kept > whole) return { level, position: whole };
    for (let from = 0; from < kept; from += nodesAtOnce) {
      const to = Math.min(from + nodesAtOnce, kept);
      const made = await makeNodes(client, tenantId, { level, from, to });
      const known = await readHashes(client, tenantId, { level, positions: range(from, to) });
      const strange = made.findIndex((hash, at) => known.get(from + at)?.equals(hash) !== true);
      if (strange >= 0) return { level, position: from + strange };
    }
    below = kept;
  }
  return undefined;
}

/** Roots of whole subtrees of any height; what the database has not is left out. */
export async function readSubtrees(
  database: Database,
  tenantId: string,
  wanted: readonly Subtree[],
): Promise<(subtree: Subtree) => Hash | undefined> {
  const positions = new Map<number, Set<number>>();
  for (const subtree of wanted) {
    const { level, from, to } = partsOf(subtree);
    const known = positions.get(level) ?? new Set();
    for (const position of range(from, to)) known.add(position);
    positions.set(level, known);
  }
  const read = new Map<number, Map<number, Hash>>();
  for (const [level, some] of positions)
    read.set(level, await readHashes(database, tenantId, { level, positions: [...some] }));
  return (subtree) => {
    const { level, from, to } = partsOf(subtree);
    const parts = range(from, to).flatMap((position) => read.get(level)?.get(position) ?? []);
    return parts.length === to - from ? rootOf(extendFrontier(emptyFrontier, parts)) : undefined;
  };
}

/** The highest level that is not above it, and which of its nodes make it. */
function partsOf({ height, index }: Subtree): { level: number; from: number; to: number } {
  const level = Math.floor(height / heightOfLevel);
  const count = 2 ** (height - level * heightOfLevel);
  return { level, from: index * count, to: (index + 1) * count };
}

async function keptNodes(client: PoolClient, tenantId: string, level: number): Promise<number> {
  const { rows } = await client.query<{ kept: string }>(
    `select coalesce(max(n.position) + 1, 0) as kept from connectsoft.log_nodes n
     where n.tenant_id = $1 and n.level = $2`,
    [tenantId, level],
  );
  return Number(rows[0]?.kept);
}

async function makeNodes(
  client: PoolClient,
  tenantId: string,
  { level, from, to }: { level: number; from: number; to: number },
): Promise<Hash[]> {
  const positions = range(from * childrenOfNode, to * childrenOfNode);
  const children = await readHashes(client, tenantId, { level: level - 1, positions });
  return range(from, to).map((node) => {
    const parts = range(node * childrenOfNode, (node + 1) * childrenOfNode);
    return rootOf(
      extendFrontier(
        emptyFrontier,
        parts.flatMap((position) => children.get(position) ?? []),
      ),
    );
  });
}

async function readHashes(
  database: Database,
  tenantId: string,
  { level, positions }: { level: number; positions: readonly number[] },
): Promise<Map<number, Hash>> {
  if (level > 0) {
    const { rows } = await database.query<{ position: string; hash: string }>(
      `select n.position, n.hash from connectsoft.log_nodes n
       where n.tenant_id = $1 and n.level = $2 and n.position = any($3::bigint[])`,
      [tenantId, level, positions],
    );
    return new Map(rows.map(({ position, hash }) => [Number(position), Buffer.from(hash, "hex")]));
  }
  const { rows } = await database.query<{ position: string; chain: string; sequence: string; hash: string }>(
    `select l.position, l.chain, l.sequence, l.hash from connectsoft.log_leaves l
     where l.tenant_id = $1 and l.position = any($2::bigint[])`,
    [tenantId, positions],
  );
  return new Map(
    rows.map(({ position, chain, sequence, hash }) => [
      Number(position),
      leafHashOf({ chain, sequence: Number(sequence), hash }),
    ]),
  );
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
