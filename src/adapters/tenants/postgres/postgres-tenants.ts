/** Tenants in the database: the declaration's text is the truth, and every version of it is kept. */
import type { Pool } from "pg";
import { stringify } from "yaml";
import { askTogether } from "../../../domain/ask-together.ts";
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

  /** Each step of each delivery asks for its tenant: those that come at once are one question. */
  const newestOf = askTogether(async (tenantIds: string[]) => {
    const { rows } = await pool.query<Row>({
      name: "tenants",
      text: `select t.* from unnest($1::text[]) as asked (tenant_id) cross join lateral (
               select n.tenant_id, n.version, n.digest, n.text, n.declared_by, n.declared_at from connectsoft.tenants n
               where n.tenant_id = asked.tenant_id order by n.version desc limit 1
             ) t`,
      values: [tenantIds],
    });
    return new Map(rows.map((row) => [row.tenant_id, row]));
  });

  async function newest(tenantId: string): Promise<Row> {
    const row = (await newestOf(tenantId)).get(tenantId);
    if (row === undefined) throw unknownTenant(tenantId);
    return row;
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
    async put(tenant, by, text, over) {
      const kept = text ?? stringify(tenant);
      // Two writers at once: the primary key lets one of them through, the other looks again.
      for (let attempt = 1; ; attempt++) {
        const outcome = await tryPut(pool, tenant.id, { text: kept, by, over });
        if (outcome === "written" || outcome === "same") return;
        if (outcome === "changed") throw changedMeanwhile(tenant.id);
        if (attempt === 10)
          throw refuse("Conflict", `Tenant ${tenant.id} is being changed by others.`, "Try again.");
      }
    },
    async declaration(tenantId): Promise<TenantDeclaration> {
      return declarationOf(await newest(tenantId));
    },
    async versions(tenantId) {
      const { rows } = await pool.query<Row>(
        `select t.version, t.digest, t.text, t.declared_by, t.declared_at from connectsoft.tenants t
         where t.tenant_id = $1 order by t.version`,
        [tenantId],
      );
      return rows.map(declarationOf);
    },
  };
}

function declarationOf({ text, digest, version, declared_by, declared_at }: Row): TenantDeclaration {
  return { text, digest, version, by: declared_by, at: declared_at.toISOString() };
}

type Outcome = "written" | "same" | "changed" | "again";

async function tryPut(
  pool: Pool,
  tenantId: string,
  { text, by, over }: { text: string; by: string; over: string | undefined },
): Promise<Outcome> {
  const digest = sha256(text);
  const { rows } = await pool.query<{ outcome: Outcome }>(
    `with newest as (
       select t.version, t.digest from connectsoft.tenants t where t.tenant_id = $1 order by t.version desc limit 1
     ), written as (
       insert into connectsoft.tenants (tenant_id, version, digest, text, declared_by)
       select $1, coalesce((select n.version from newest n), 0) + 1, $2, $3, $4
       where not exists (select 1 from newest n where n.digest = $2)
       and ($5::text is null or exists (select 1 from newest n where n.digest = $5))
       on conflict do nothing returning 1
     )
     select case when exists (select 1 from written) then 'written'
                 when exists (select 1 from newest n where n.digest = $2) then 'same'
                 when $5::text is not null and not exists (select 1 from newest n where n.digest = $5) then 'changed'
                 else 'again' end as outcome`,
    [tenantId, digest, text, by, over ?? null],
  );
  return rows[0]?.outcome ?? "again";
}

function changedMeanwhile(tenantId: string) {
  return refuse(
    "Conflict",
    `The declaration of ${tenantId} is not the one any more that this change was made of.`,
    "Look at what holds now, and propose the change again: connectsoft tenant show",
  );
}

function unknownTenant(tenantId: string) {
  return refuse(
    "TenantForbidden",
    `There is no tenant ${tenantId} for you here.`,
    "Name a tenant that you belong to, or ask its StudioAdmin.",
  );
}
