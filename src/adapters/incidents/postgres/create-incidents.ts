import type pg from "pg";
import type { Incident, Incidents } from "../../../ports/incidents.ts";

interface Row {
  tenant_id: string;
  release_id: string;
  since: Date;
  reasons: string;
}

export function createIncidents({ pool }: { pool: pg.Pool }): Incidents {
  return {
    async open({ tenantId, releaseId, since, reasons }) {
      const { rows } = await pool.query<Row>(
        `insert into connectsoft.live_incidents as i (tenant_id, release_id, since, reasons) values ($1, $2, $3, $4)
         on conflict (tenant_id, release_id) do update set reasons = i.reasons
         returning i.tenant_id, i.release_id, i.since, i.reasons`,
        [tenantId, releaseId, since, JSON.stringify(reasons)],
      );
      return rows[0] === undefined ? { tenantId, releaseId, since, reasons } : incidentOf(rows[0]);
    },
    async close({ tenantId, releaseId }) {
      await pool.query(
        "delete from connectsoft.live_incidents i where i.tenant_id = $1 and i.release_id = $2",
        [tenantId, releaseId],
      );
    },
    async list() {
      const { rows } = await pool.query<Row>(
        `select i.tenant_id, i.release_id, i.since, i.reasons from connectsoft.live_incidents i
         order by i.tenant_id, i.release_id`,
      );
      return rows.map(incidentOf);
    },
  };
}

function incidentOf({ tenant_id, release_id, since, reasons }: Row): Incident {
  return {
    tenantId: tenant_id,
    releaseId: release_id,
    since: since.toISOString(),
    reasons: JSON.parse(reasons),
  };
}
