import type { PoolClient } from "pg";
import { inTransaction } from "../../../ports/transaction.ts";
import type { AuditLogParts } from "./audit-log-parts.ts";

/** A transaction in which nobody else adds to the tenant's log or publishes it. */
export function inLogTurn<T>(
  { pool }: Pick<AuditLogParts, "pool">,
  tenantId: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  return inTransaction(pool, async (client) => {
    await client.query("select pg_advisory_xact_lock(hashtextextended('audit log of ' || $1, 0))", [
      tenantId,
    ]);
    return await work(client);
  });
}
