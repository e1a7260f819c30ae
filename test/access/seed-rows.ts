/**
 * A row of a tenant's in every table that has none of theirs yet, whatever tables there are: what is stored of a tenant is
 * looked for in each, and a table that nobody thought of is in it, too.
 */
import type { Pool, PoolClient } from "pg";

interface Column {
  table: string;
  name: string;
  type: string;
  /** Values that a check takes. */
  choices: string[] | null;
}

export interface Seed {
  tenantId: string;
  /** Stands in every text of the rows. */
  mark: string;
  /** Tables to leave alone. */
  except: readonly string[];
  /** Columns that begin with the tenant where there is no `tenant_id`, the first that a table has. */
  byTenant: readonly string[];
}

export async function seedRows(pool: Pool, seed: Seed): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    // References are beside the point: each table is looked at by itself.
    await client.query("set local session_replication_role = replica");
    const columns = (await client.query<Column>(columnsStatement)).rows;
    for (const table of new Set(columns.map((column) => column.table)))
      if (!seed.except.includes(table)) {
        const own = columns.filter((column) => column.table === table);
        await seedTable(client, { table, columns: own, seed });
      }
    await client.query("commit");
  } finally {
    client.release();
  }
}

async function seedTable(
  client: PoolClient,
  { table, columns, seed }: { table: string; columns: Column[]; seed: Seed },
): Promise<void> {
  const { rowCount } = await client.query(
    `select from connectsoft."${table}" t where t::text like '%' || $1 || '%' limit 1`,
    [seed.tenantId],
  );
  if (rowCount !== 0) return;
  const key = ["tenant_id", ...seed.byTenant].find((name) => columns.some((column) => column.name === name));
  const values = columns.map((column) =>
    column.name === key
      ? key === "tenant_id"
        ? seed.tenantId
        : `${seed.tenantId}/seeded`
      : drawnFor(column, seed.mark),
  );
  await client.query(
    `insert into connectsoft."${table}" (${columns.map(({ name }) => `"${name}"`).join(", ")})
     values (${columns.map(({ type }, index) => `$${index + 1}::${type}`).join(", ")})`,
    values,
  );
}

/** Times are far away, so that nobody is about to do anything with the row. */
function drawnFor({ type, choices }: Column, mark: string): unknown {
  if (choices !== null) return choices[0];
  if (type === "text[]") return [mark];
  if (type.startsWith("timestamp")) return "2999-01-01T00:00:00Z";
  if (type === "jsonb" || type === "json") return JSON.stringify({ mark });
  if (type === "boolean") return false;
  if (type === "bytea") return Buffer.from(mark);
  return /int|numeric/.test(type) ? 1 : mark;
}

/** What has to be said of a row, and all texts that may be; what the database says itself is left to it. */
const columnsStatement = `
select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type,
  (select array_agg(found[1]) from pg_constraint k, regexp_matches(pg_get_constraintdef(k.oid), '''([^'']+)''::', 'g') found
    where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]) as choices
from pg_class c join pg_attribute a on a.attrelid = c.oid
where c.relnamespace = 'connectsoft'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
  and a.attgenerated = '' and a.attidentity = ''
  and ((a.attnotnull and not a.atthasdef) or (a.atttypid = 'text'::regtype and not a.atthasdef))
order by c.relname, a.attnum`;
