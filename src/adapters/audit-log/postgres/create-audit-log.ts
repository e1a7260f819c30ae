/** The log of each tenant in the database, its checkpoints in a file beside it. */
import type { AuditLog } from "../../../ports/audit-log.ts";
import type { AuditLogParts } from "./audit-log-parts.ts";
import { checkTenant } from "./check/check-tenant.ts";
import { makeCheckpoint } from "./make-checkpoint.ts";
import { proveLeaves } from "./prove-leaves.ts";
import { publishCheckpoints } from "./publish-checkpoints.ts";

export function createAuditLog(parts: AuditLogParts): AuditLog {
  const { pool } = parts;
  return {
    async tenants() {
      const { rows } = await pool.query<{ tenant_id: string }>(
        `select d.tenant_id from connectsoft.deliveries d union select j.tenant_id from connectsoft.journal_heads j
         order by tenant_id`,
      );
      return rows.map((row) => row.tenant_id);
    },
    async checkpoint(tenantId, subjects) {
      const newest = await makeCheckpoint(parts, tenantId, subjects);
      if (newest !== undefined) await publishCheckpoints(parts, tenantId);
      return newest;
    },
    prove: (tenantId, wanted) => proveLeaves(pool, tenantId, wanted),
    check: (tenantId, published) => checkTenant(parts, tenantId, published.copies ?? []),
  };
}
