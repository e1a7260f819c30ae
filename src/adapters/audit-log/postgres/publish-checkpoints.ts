/** Appends to the published file what it lacks; never changes what is there, and never goes on from something else. */
import { mkdir, open } from "node:fs/promises";
import path from "node:path";
import type { PoolClient } from "pg";
import { originOf, parseCheckpoint, type SignedCheckpoint } from "../../../domain/audit/checkpoint.ts";
import { entryOf, lastCheckpoint } from "../../../domain/audit/checkpoint-file.ts";
import type { AuditLogParts } from "./audit-log-parts.ts";
import { inLogTurn } from "./in-log-turn.ts";
import { mismatch } from "./make-checkpoint.ts";

export function checkpointFileOf({ directory }: Pick<AuditLogParts, "directory">, tenantId: string): string {
  return path.join(directory, `${tenantId}.checkpoints`);
}

export async function publishCheckpoints(parts: AuditLogParts, tenantId: string): Promise<void> {
  await inLogTurn(parts, tenantId, async (client) => {
    const file = checkpointFileOf(parts, tenantId);
    const place = placeOf(parts);
    const before = await readEnd(file, tenantId);
    await requireContinuity(client, { tenantId, file, place, before });
    const missing = await madeAfter(client, tenantId, before.last?.size ?? 0);
    if (missing.length === 0) return;
    await append(file, before.wholeBytes, missing.map(entryOf).join(""));
    await client.query(
      `insert into connectsoft.log_publications as p (tenant_id, place, size) values ($1, $2, $3)
       on conflict (tenant_id, place) do update set size = excluded.size`,
      [tenantId, place, missing.at(-1)?.size],
    );
  });
}

export function placeOf({ host, directory }: Pick<AuditLogParts, "host" | "directory">): string {
  return `${host}:${directory}`;
}

interface FileEnd {
  last?: SignedCheckpoint;
  /** Where the last whole entry ends: what a crash left behind it was never published. */
  wholeBytes: number;
}

/** An entry is far shorter, also with a dozen witnesses. */
const tailBytes = 16 * 1024;

async function readEnd(file: string, tenantId: string): Promise<FileEnd> {
  const handle = await open(file, "r").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (handle === undefined) return { wholeBytes: 0 };
  try {
    const { size } = await handle.stat();
    const tail = Buffer.alloc(Math.min(size, tailBytes));
    await handle.read(tail, 0, tail.length, size - tail.length);
    const { checkpoint, rest } = lastCheckpoint(tail.toString("utf8"), originOf(tenantId));
    return {
      wholeBytes: size - Buffer.byteLength(rest),
      ...(checkpoint !== undefined && { last: checkpoint }),
    };
  } finally {
    await handle.close();
  }
}

async function requireContinuity(
  client: PoolClient,
  at: { tenantId: string; file: string; place: string; before: FileEnd },
): Promise<void> {
  const { tenantId, file, place, before } = at;
  const { rows } = await client.query<{ size: string }>(
    `select p.size from connectsoft.log_publications p where p.tenant_id = $1 and p.place = $2`,
    [tenantId, place],
  );
  const published = Number(rows[0]?.size ?? 0);
  const { size: there, root } = before.last ?? { size: 0 };
  if (there < published)
    throw mismatch(tenantId, `${file} ends at ${there} leaves and was published to ${published}: it was cut`);
  if (root === undefined) return;
  const { rows: made } = await client.query<{ root: string }>(
    `select c.root from connectsoft.log_checkpoints c where c.tenant_id = $1 and c.size = $2`,
    [tenantId, there],
  );
  if (made[0]?.root !== root.toString("hex"))
    throw mismatch(tenantId, `it does not hold the checkpoint of ${there} leaves that ${file} ends with`);
}

async function madeAfter(client: PoolClient, tenantId: string, size: number): Promise<SignedCheckpoint[]> {
  const { rows } = await client.query<{ note: string }>(
    `select c.note from connectsoft.log_checkpoints c where c.tenant_id = $1 and c.size > $2 order by c.size`,
    [tenantId, size],
  );
  return rows.map(({ note }) => {
    const checkpoint = parseCheckpoint(note);
    if (checkpoint === undefined) throw mismatch(tenantId, "a checkpoint was changed after it was made");
    return checkpoint;
  });
}

async function append(file: string, at: number, text: string): Promise<void> {
  const directory = path.dirname(file);
  await mkdir(directory, { recursive: true });
  const handle = await open(file, "a", 0o644);
  try {
    await handle.truncate(at);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  if (at > 0) return;
  // A new file survives a crash once its folder does.
  const folder = await open(directory, "r");
  await folder.sync().finally(() => folder.close());
}
