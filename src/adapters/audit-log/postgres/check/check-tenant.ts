/**
 * Everything that the database holds of a tenant against itself and what was published. Files first, which an
 * attacker with the database alone cannot change; then the tree; then each chain with its rows.
 */
import type { AuditCheck, AuditFinding } from "../../../../ports/audit-log.ts";
import type { AuditLogParts } from "../audit-log-parts.ts";
import { checkpointFileOf } from "../publish-checkpoints.ts";
import { checkDeliveries } from "./check-deliveries.ts";
import { checkEntries } from "./check-entries.ts";
import { checkCopy, checkPublished, readPublished } from "./check-published.ts";
import { checkTree } from "./check-tree.ts";

export async function checkTenant(
  parts: AuditLogParts,
  tenantId: string,
  copies: readonly string[],
): Promise<AuditCheck> {
  const file = checkpointFileOf(parts, tenantId);
  const published = await readPublished(file);
  const tally = {
    deliveries: 0,
    events: 0,
    artifacts: 0,
    journalEntries: 0,
    checkpoints: 0,
    uncovered: 0,
    file,
  };
  const client = await parts.pool.connect();
  try {
    await client.query("begin isolation level repeatable read read only");
    const place = { parts, client, tenantId, published, tally };
    const finding = await firstFinding([
      () => checkPublished(place),
      ...copies.map((copy) => () => checkCopy(place, copy)),
      () => checkTree(place, copies),
      () => checkDeliveries(place),
      () => checkEntries(place),
    ]);
    return { ...tally, ...(finding !== undefined && { finding }) };
  } finally {
    await client.query("rollback").catch(() => undefined);
    client.release();
  }
}

async function firstFinding(
  checks: (() => Promise<AuditFinding | undefined>)[],
): Promise<AuditFinding | undefined> {
  for (const check of checks) {
    const finding = await check();
    if (finding !== undefined) return finding;
  }
  return undefined;
}
