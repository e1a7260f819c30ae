/** Delegations in the database. Two of the same role of one person that overlap cannot be made, also not at once. */
import type { Pool, PoolClient } from "pg";
import { askTogether } from "../../../domain/ask-together.ts";
import { refuse } from "../../../domain/refusal.ts";
import type { Delegation } from "../../../domain/release/delegation.ts";
import { roleSchema } from "../../../domain/tenant/role.ts";
import type { Delegations } from "../../../ports/delegations.ts";
import { inTransaction } from "../../../ports/transaction.ts";

interface Row {
  delegation_id: string;
  from_person: string;
  to_person: string;
  role: string;
  reason: string;
  begins: Date;
  ends: Date;
  made_at: Date;
  ended_at: Date | null;
  ended_by: string | null;
}

const columns = `d.delegation_id, d.from_person, d.to_person, d.role, d.reason, d.begins, d.ends, d.made_at,
  d.ended_at, d.ended_by`;

export function createPostgresDelegations(pool: Pool): Delegations {
  /** Whoever looks at what waits asks for them: those who ask at once ask one question. */
  const rowsOf = askTogether(async (tenantIds: string[]) => {
    const { rows } = await pool.query<Row & { tenant_id: string }>({
      name: "delegations",
      text: `select d.tenant_id, ${columns} from connectsoft.delegations d where d.tenant_id = any($1::text[])
             order by d.made_at, d.delegation_id`,
      values: [tenantIds],
    });
    return Map.groupBy(rows, ({ tenant_id }) => tenant_id);
  });

  return {
    async list(tenantId) {
      return ((await rowsOf(tenantId)).get(tenantId) ?? []).map(delegationOf);
    },
    async add(tenantId, delegation) {
      const { from, role } = delegation;
      const added = await inTransaction(pool, async (client) => {
        // Whoever delegates waits for whoever of the tenant does so at the same time.
        await client.query("select pg_advisory_xact_lock(hashtextextended('delegations/' || $1, 0))", [
          tenantId,
        ]);
        return await insert(client, tenantId, delegation);
      });
      if (added) return;
      throw refuse(
        "Conflict",
        `${from} has delegated ${role} already for a part of that time.`,
        "See it, and take it back first: connectsoft delegate ls",
      );
    },
    async end(tenantId, id, { at, by }) {
      const { rows } = await pool.query<Row>(
        `update connectsoft.delegations d
         set ended_at = coalesce(d.ended_at, $3::timestamptz), ended_by = coalesce(d.ended_by, $4)
         where d.tenant_id = $1 and d.delegation_id = $2
         returning ${columns}`,
        [tenantId, id, at, by],
      );
      return rows[0] === undefined ? undefined : delegationOf(rows[0]);
    },
  };
}

async function insert(
  client: PoolClient,
  tenantId: string,
  { id, from, to, role, reason, begins, ends, madeAt }: Delegation,
): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into connectsoft.delegations
       (tenant_id, delegation_id, from_person, to_person, role, reason, begins, ends, made_at)
     select $1, $2, $3, $4, $5, $6, $7::timestamptz, $8::timestamptz, $9::timestamptz
     where not exists (
       select from connectsoft.delegations d
       where d.tenant_id = $1 and d.from_person = $3 and d.role = $5 and d.begins < $8::timestamptz
         and least(d.ends, d.ended_at) > $7::timestamptz)`,
    [tenantId, id, from, to, role, reason, begins, ends, madeAt],
  );
  return rowCount === 1;
}

function delegationOf(row: Row): Delegation {
  const { ended_at, ended_by } = row;
  return {
    id: row.delegation_id,
    from: row.from_person,
    to: row.to_person,
    role: roleSchema.parse(row.role),
    reason: row.reason,
    begins: row.begins.toISOString(),
    ends: row.ends.toISOString(),
    madeAt: row.made_at.toISOString(),
    ...(ended_at !== null && ended_by !== null && { ended: { at: ended_at.toISOString(), by: ended_by } }),
  };
}
