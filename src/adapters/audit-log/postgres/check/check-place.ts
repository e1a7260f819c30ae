import type { PoolClient } from "pg";
import type { AuditCheck } from "../../../../ports/audit-log.ts";
import type { AuditLogParts } from "../audit-log-parts.ts";

/** What a check looks at, and where it counts what it saw. */
export interface CheckPlace {
  parts: AuditLogParts;
  /** The database as it was at one moment, while the engine goes on. */
  client: PoolClient;
  tenantId: string;
  /** The text of the published file, read before: nothing is published that the database did not hold. */
  published: string;
  tally: Omit<AuditCheck, "finding">;
}
