/** Tenants in the database: the declaration's text is the truth, and every version of it is kept. */
import type { Pool } from "pg";
import { stringify } from "yaml";
import { sha256 } from "../../../domain/canonical-json.ts";
import { refuse } from "../../../domain/refusal.ts";
import { parseTenant } from "../../../domain/tenant/parse-tenant.ts";
import type { Tenant } from "../../../domain/tenant/tenant.ts";
import type { TenantDeclaration, Tenants } from "../../../ports/tenants.ts";

interface Row {
  tenant_id: string;
  version: number;
  digest: string;
  text: string;
  declared_by: string;
  declared_at: Date;
}

export function createPostgresTenants(pool: Pool): Tenants {
  const parsed = new Map<string, Tenant>();

  async function newest(tenantId: string): Promise<Row> {
    const { rows } = await pool.query<Row>({
      name: "tenant",
      text: `select t.tenant_id, t.version, t.digest, t.text, t.declared_by, t.declared_at from connectsoft.tenants t
             where t.tenant_id = $1 order by t.version desc limit 1`,
      values: [tenantId],
    });
    if (rows[0] === undefined) throw unknownTenant(tenantId);
    return rows[0];
  }

  function tenantOf(row: Row): Tenant {
    const known = parsed.get(row.digest);
    if (known !== undefined) return known;
    const tenant = parseTenant(row.text, `tenant ${row.tenant_id} version ${row.version}`);
    parsed.set(row.digest, tenant);
    return tenant;
  }

  return {
    async get(tenantId) {
      return tenantOf(await newest(tenantId));
    },
    async list() {
      const { rows } = await pool.query<Row>(
        `select distinct on (t.tenant_id) t.tenant_id, t.version, t.digest, t.text from connectsoft.tenants t
         order by t.tenant_id, t.version desc`,
      );
      return rows.map(tenantOf);
    },
    async put(tenant, by, text) {
      const kept = text ?? stringify(tenant);
      // Two writers at once: the primary key lets one of them through, the other looks again.
      for (let attempt = 1; ; attempt++) {
        const written = await tryPut(pool, tenant.id, { text: kept, by });
        if (written) return;
        if (attempt === 10)
          throw refuse("Conflict", `Tenant ${tenant.id} is being changed by others.`, "Try again.");
      }
    },
    async declaration(tenantId): Promise<TenantDeclaration> {
      const row = await newest(tenantId);
      const { text, digest, version } = row;
      return { text, digest, version, by: row.declared_by, at: row.declared_at.toISOString() };
    },
  };
}

async function tryPut(pool: Pool, tenantId: string, { text, by }: { text: string; by: string }) {
  const digest = sha256(text);
  const { rows } = await pool.query<{ outcome: string }>(
    `with newest as (
       select t.version, t.digest from connectsoft.tenants t where t.tenant_id = $1 order by t.version desc limit 1
     ), written as (
       insert into connectsoft.tenants (tenant_id, version, digest, text, declared_by)
       select $1, coalesce((select n.version from newest n), 0) + 1, $2, $3, $4
       where not exists (select 1 from newest n where n.digest = $2)
       on conflict do nothing returning 1
     )
     select case when exists (select 1 from written) then 'written'
                 when exists (select 1 from newest n where n.digest = $2) then 'same' else 'again' end as outcome`,
    [tenantId, digest, text, by],
  );
  return rows[0]?.outcome !== "again";
}

function unknownTenant(tenantId: string) {
  return refuse(
    "TenantForbidden",
    `There is no tenant ${tenantId} for you here.`,
    "Name a tenant that you belong to, or ask its StudioAdmin.",
  );
}
