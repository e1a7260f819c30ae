/**
 * The next checkpoint of a tenant. Engine steps know nothing of it: positions in the log are given here, afterwards,
 * to the chains that have grown since the last one.
 */
import type { PoolClient } from "pg";
import {
  checkpointText,
  originOf,
  parseCheckpoint,
  type SignedCheckpoint,
  sealCheckpoint,
} from "../../../domain/audit/checkpoint.ts";
import { journalChain, type LogLeaf, leafHashOf } from "../../../domain/audit/log-leaf.ts";
import {
  emptyFrontier,
  extendFrontier,
  type Frontier,
  frontierLength,
  rootOf,
} from "../../../domain/audit/merkle-tree.ts";
import { refuse } from "../../../domain/refusal.ts";
import type { ChainsConcerned } from "../../../ports/audit-log.ts";
import type { AuditLogParts } from "./audit-log-parts.ts";
import { inLogTurn } from "./in-log-turn.ts";
import { completeNodes } from "./log-nodes.ts";

export async function makeCheckpoint(
  parts: AuditLogParts,
  tenantId: string,
  concerned: ChainsConcerned = {},
): Promise<SignedCheckpoint | undefined> {
  return await inLogTurn(parts, tenantId, async (client) => {
    const last = await newest(client, tenantId);
    const leaves = [
      ...(await grownDeliveries(client, tenantId, concerned)),
      ...(await newEntries(client, tenantId)),
    ];
    if (leaves.length === 0) {
      await completeNodes(client, tenantId, last?.frontier.size ?? 0);
      return last?.checkpoint;
    }
    const before = last?.frontier ?? emptyFrontier;
    const after = extendFrontier(before, leaves.map(leafHashOf));
    const checkpoint = await sign(parts, tenantId, after);
    await insertLeaves(client, { tenantId, from: before.size, leaves });
    await completeNodes(client, tenantId, after.size);
    await client.query(
      `insert into connectsoft.log_checkpoints (tenant_id, size, root, frontier, note, made_at)
       values ($1, $2, $3, $4, $5, $6)`,
      [
        tenantId,
        after.size,
        checkpoint.root.toString("hex"),
        after.roots.map((root) => root.toString("hex")),
        checkpoint.note,
        parts.clock.now(),
      ],
    );
    return checkpoint;
  });
}

async function newest(
  client: PoolClient,
  tenantId: string,
): Promise<{ checkpoint: SignedCheckpoint; frontier: Frontier } | undefined> {
  const { rows } = await client.query<{ size: string; root: string; frontier: string[]; note: string }>(
    `select c.size, c.root, c.frontier, c.note from connectsoft.log_checkpoints c
     where c.tenant_id = $1 order by c.size desc limit 1`,
    [tenantId],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const size = Number(row.size);
  const frontier = { size, roots: row.frontier.map((hex) => Buffer.from(hex, "hex")) };
  const checkpoint = parseCheckpoint(row.note);
  const fits =
    checkpoint?.size === size &&
    frontier.roots.length === frontierLength(size) &&
    rootOf(frontier).equals(checkpoint.root);
  if (!fits) throw mismatch(tenantId, `its checkpoint of ${size} leaves was changed after it was made`);
  return { checkpoint, frontier };
}

/** Deliveries, of those concerned, whose chain does not end where their newest leaf says. */
async function grownDeliveries(
  client: PoolClient,
  tenantId: string,
  { subjects, changedWithinMs }: ChainsConcerned,
): Promise<LogLeaf[]> {
  const { rows } = await client.query<{
    subject: string;
    sequence: string;
    hash: string;
    logged: string | null;
  }>(
    `select d.subject, d.sequence, d.hash, l.sequence as logged
     from connectsoft.deliveries d
     left join lateral (
       select n.sequence, n.hash from connectsoft.log_leaves n
       where n.tenant_id = d.tenant_id and n.chain = d.subject order by n.sequence desc limit 1
     ) l on true
     where d.tenant_id = $1 and d.sequence > 0 and ($2::text[] is null or d.subject = any($2))
       and ($3::integer is null or d.updated_at > now() - $3 * interval '1 ms')
       and (l.sequence is distinct from d.sequence or l.hash is distinct from d.hash)
     order by d.subject`,
    [tenantId, subjects ?? null, changedWithinMs ?? null],
  );
  return rows.map(({ subject, sequence, hash, logged }) => {
    if (logged !== null && Number(logged) >= Number(sequence))
      throw mismatch(
        tenantId,
        `the chain of ${subject} ends at event ${sequence}, and not as it did when event ${logged} was taken in`,
      );
    return { chain: subject, sequence: Number(sequence), hash };
  });
}

async function newEntries(client: PoolClient, tenantId: string): Promise<LogLeaf[]> {
  const { rows } = await client.query<{ sequence: string; hash: string }>(
    `select j.sequence, j.body::json ->> 'hash' as hash from connectsoft.journal j
     where j.tenant_id = $1 and j.sequence > coalesce((
       select max(l.sequence) from connectsoft.log_leaves l where l.tenant_id = $1 and l.chain = $2), 0)
     order by j.sequence`,
    [tenantId, journalChain],
  );
  return rows.map(({ sequence, hash }) => ({ chain: journalChain, sequence: Number(sequence), hash }));
}

async function sign(
  { signer }: AuditLogParts,
  tenantId: string,
  frontier: Frontier,
): Promise<SignedCheckpoint> {
  const checkpoint = { origin: originOf(tenantId), size: frontier.size, root: rootOf(frontier) };
  const { keyId, signature } = await signer.sign(tenantId, Buffer.from(checkpointText(checkpoint)));
  const key = (await signer.keys(tenantId)).find((one) => one.keyId === keyId);
  if (key === undefined) throw new Error(`the key ${keyId} of ${tenantId} signed and is not known`);
  return sealCheckpoint(checkpoint, { publicKey: key.publicKey, signature });
}

async function insertLeaves(
  client: PoolClient,
  { tenantId, from, leaves }: { tenantId: string; from: number; leaves: readonly LogLeaf[] },
): Promise<void> {
  await client.query(
    `insert into connectsoft.log_leaves (tenant_id, position, chain, sequence, hash)
     select $1, $2::bigint + l.ordinality - 1, l.chain, l.sequence, l.hash
     from unnest($3::text[], $4::bigint[], $5::text[]) with ordinality as l (chain, sequence, hash, ordinality)`,
    [
      tenantId,
      from,
      leaves.map(({ chain }) => chain),
      leaves.map(({ sequence }) => sequence),
      leaves.map(({ hash }) => hash),
    ],
  );
}

export function mismatch(tenantId: string, what: string): Error {
  return refuse(
    "DigestMismatch",
    `The database of ${tenantId} does not fit its log: ${what}.`,
    "No checkpoint is signed until it does. See what does not fit: connectsoft audit check",
  );
}
