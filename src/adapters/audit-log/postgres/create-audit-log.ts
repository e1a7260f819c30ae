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
        // From one tenant to the next in the index, however many deliveries each has.
        `with recursive next (tenant_id) as (
           select min(d.tenant_id) from connectsoft.deliveries d
           union all
           select (select min(d.tenant_id) from connectsoft.deliveries d where d.tenant_id > n.tenant_id)
           from next n where n.tenant_id is not null)
         select n.tenant_id from next n where n.tenant_id is not null
         union select j.tenant_id from connectsoft.journal_heads j order by tenant_id`,
      );
      return rows.map((row) => row.tenant_id);
    },
    async checkpoint(tenantId, concerned) {
      const newest = await makeCheckpoint(parts, tenantId, concerned);
      if (newest !== undefined) await publishCheckpoints(parts, tenantId);
      return newest;
    },
    prove: (tenantId, wanted) => proveLeaves(pool, tenantId, wanted),
    check: (tenantId, published) => checkTenant(parts, tenantId, published.copies ?? []),
  };
}
