/** Registrations in PostgreSQL, a table for each kind, their secrets sealed before they leave this process. */
import type { Pool } from "pg";
import type { Registration, RegistrationPlace, Registrations } from "../../../ports/registrations.ts";
import type { Seal } from "../../../ports/seal.ts";

export interface Stores {
  pool: Pool;
  seal: Seal;
}

interface Kind<Kept, Columns> {
  table: "hooks" | "subscriptions";
  id: "hook_id" | "subscription_id";
  /** SQL of columns that no other kind has, and what they say. */
  more?: { columns: string; said: (row: Columns) => Partial<Kept> };
}

interface Row<Spec> {
  tenant_id: string;
  id: string;
  spec: Spec;
  made_at: Date;
  made_by: string;
  changed_at: Date;
  changed_by: string;
}

/** Beside what every kind has: ways to what only one kind does, for those who make it of this. */
export interface KeptRegistrations<Spec, Kept extends Registration<Spec>> extends Registrations<Spec, Kept> {
  /** `set`: SQL, with its values from $3 on. */
  update(place: RegistrationPlace, set: string, values: unknown[]): Promise<Kept | undefined>;
  read<Columns extends object>(place: RegistrationPlace, columns: string): Promise<Columns | undefined>;
  sealed(place: RegistrationPlace, secret: string): Promise<string>;
  opened(place: RegistrationPlace, sealed: string): Promise<string>;
}

export function keepRegistrations<
  Spec extends object,
  Kept extends Registration<Spec> = Registration<Spec>,
  Columns extends object = object,
>({ pool, seal }: Stores, { table, id, more }: Kind<Kept, Columns>): KeptRegistrations<Spec, Kept> {
  const from = `connectsoft.${table} r`;
  const here = `r.tenant_id = $1 and r.${id} = $2`;
  const columns = [
    `r.tenant_id, r.${id} as id, r.spec, r.made_at, r.made_by, r.changed_at, r.changed_by`,
    ...(more === undefined ? [] : [more.columns]),
  ].join(", ");
  // What a secret is sealed for: it opens in no other row.
  const nameOf = (place: RegistrationPlace) => `${table}/${place.tenantId}/${place.id}`;
  const keptOf = (row: Row<Spec> & Columns) => ({ ...registrationOf(row), ...more?.said(row) }) as Kept;

  async function update(place: RegistrationPlace, set: string, values: unknown[], where = here) {
    const { rows } = await pool.query<Row<Spec> & Columns>(
      `update ${from} set ${set} where ${where} returning ${columns}`,
      [place.tenantId, place.id, ...values],
    );
    return rows.map(keptOf)[0];
  }

  return {
    update,
    sealed: (place, secret) => seal.seal(secret, nameOf(place)),
    opened: (place, sealed) => seal.open(sealed, nameOf(place)),
    async read<Asked extends object>({ tenantId, id }: RegistrationPlace, asked: string) {
      const { rows } = await pool.query<Asked>(`select ${asked} from ${from} where ${here}`, [tenantId, id]);
      return rows[0];
    },
    async list(tenantId) {
      const { rows } = await pool.query<Row<Spec> & Columns>(
        `select ${columns} from ${from} where $1::text is null or r.tenant_id = $1 order by r.tenant_id, r.${id}`,
        [tenantId ?? null],
      );
      return rows.map(keptOf);
    },
    async get(place) {
      const { rows } = await pool.query<Row<Spec> & Columns>(`select ${columns} from ${from} where ${here}`, [
        place.tenantId,
        place.id,
      ]);
      return rows.map(keptOf)[0];
    },
    async add(place, { spec, secret, by }) {
      const { rowCount } = await pool.query(
        `insert into connectsoft.${table} (tenant_id, ${id}, spec, secret, made_at, made_by, changed_at, changed_by)
         values ($1, $2, $3, $4, now(), $5, now(), $5) on conflict do nothing`,
        [place.tenantId, place.id, spec, await seal.seal(secret, nameOf(place)), by],
      );
      return rowCount === 1;
    },
    async change(place, { spec, by, from: said }) {
      const unchanged = `${here} and ($5::jsonb is null or r.spec = $5)`;
      const set = "spec = $3, changed_at = now(), changed_by = $4";
      return await update(place, set, [spec, by, said ?? null], unchanged);
    },
    async remove(place) {
      const { rowCount } = await pool.query(`delete from ${from} where ${here}`, [place.tenantId, place.id]);
      return rowCount === 1;
    },
  };
}

function registrationOf<Spec>(row: Row<Spec>): Registration<Spec> {
  return {
    tenantId: row.tenant_id,
    id: row.id,
    spec: row.spec,
    madeAt: row.made_at.toISOString(),
    madeBy: row.made_by,
    changedAt: row.changed_at.toISOString(),
    changedBy: row.changed_by,
  };
}
