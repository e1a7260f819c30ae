import type { PoolClient } from "pg";
import type { AuditLogParts } from "./audit-log-parts.ts";

/** A transaction in which nobody else adds to the tenant's log or publishes it. */
export async function inLogTurn<T>(
  { pool }: Pick<AuditLogParts, "pool">,
  tenantId: string,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock(hashtextextended('audit log of ' || $1, 0))", [
      tenantId,
    ]);
    const result = await work(client);
    await client.query("commit");
    client.release();
    return result;
  } catch (error) {
    // The connection goes with its transaction, whatever state it is in.
    client.release(true);
    throw error;
  }
}
