/** Sign-ins in the database. Each token is looked at once: what it says does not change. */
import type { Pool } from "pg";
import type { SignIns } from "../../../ports/sign-ins.ts";

interface Row {
  person: string;
  issuer: string;
  groups: string[];
  said_at: Date;
}

const mostRemembered = 10_000;

export function createPostgresSignIns(pool: Pool): SignIns {
  const kept = new Map<string, string>();
  return {
    async keep(tenantId, { person, issuer, groups, at }) {
      const [place, said] = [`${tenantId}/${person}`, JSON.stringify([issuer, at, groups])];
      if (kept.get(place) === said) return false;
      const { rows } = await pool.query<{ lost: boolean }>(keepStatement, [
        ...[tenantId, person, issuer, groups, at],
      ]);
      if (kept.size >= mostRemembered) kept.clear();
      kept.set(place, said);
      return rows[0]?.lost ?? false;
    },
    async list(tenantId) {
      const { rows } = await pool.query<Row>(
        `select s.person, s.issuer, s.groups, s.said_at from connectsoft.sign_ins s
         where s.tenant_id = $1 order by s.person`,
        [tenantId],
      );
      return rows.map(({ said_at, ...row }) => ({ ...row, at: said_at.toISOString() }));
    },
  };
}

const keepStatement = `
with before as (
  select s.groups, s.issuer from connectsoft.sign_ins s where s.tenant_id = $1 and s.person = $2),
kept as (
  insert into connectsoft.sign_ins as s (tenant_id, person, issuer, groups, said_at)
  select $1, $2, $3, $4::text[], $5::timestamptz
   where cardinality($4::text[]) > 0 or exists (select from before)
  on conflict (tenant_id, person) do update
    set issuer = excluded.issuer, groups = excluded.groups, said_at = excluded.said_at
   where s.said_at <= excluded.said_at
  returning s.groups, s.issuer)
select b.issuer <> k.issuer or not (b.groups <@ k.groups) as lost from kept k join before b on true`;
