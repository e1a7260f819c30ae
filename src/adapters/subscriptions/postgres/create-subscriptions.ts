/** Subscriptions in PostgreSQL, their secrets sealed before they leave this process. */
import { randomBytes } from "node:crypto";
import type { Pool } from "pg";
import { signingSecretOf } from "../../../domain/subscription/signing-secret.ts";
import type { SubscriptionSpec } from "../../../domain/subscription/subscription.ts";
import type { Seal } from "../../../ports/seal.ts";
import type { SubscriptionPlace, SubscriptionRecord, Subscriptions } from "../../../ports/subscriptions.ts";

interface Row {
  tenant_id: string;
  subscription_id: string;
  spec: SubscriptionSpec;
  made_at: Date;
  made_by: string;
  changed_at: Date;
  changed_by: string;
  previous_until: Date | null;
}

const columns = `s.tenant_id, s.subscription_id, s.spec, s.made_at, s.made_by, s.changed_at, s.changed_by,
  case when s.previous_until > now() then s.previous_until end as previous_until`;
const here = "s.tenant_id = $1 and s.subscription_id = $2";

export function createSubscriptions({ pool, seal }: { pool: Pool; seal: Seal }): Subscriptions {
  return {
    mintSecret: () => signingSecretOf(randomBytes(32)),
    async list(tenantId) {
      const { rows } = await pool.query<Row>(
        `select ${columns} from connectsoft.subscriptions s where $1::text is null or s.tenant_id = $1
          order by s.tenant_id, s.subscription_id`,
        [tenantId ?? null],
      );
      return rows.map(recordOf);
    },
    async get({ tenantId, id }) {
      const { rows } = await pool.query<Row>(
        `select ${columns} from connectsoft.subscriptions s where ${here}`,
        [tenantId, id],
      );
      return rows.map(recordOf)[0];
    },
    async add(place, { spec, secret, by }) {
      const { rowCount } = await pool.query(
        `insert into connectsoft.subscriptions
           (tenant_id, subscription_id, spec, secret, made_at, made_by, changed_at, changed_by)
         values ($1, $2, $3, $4, now(), $5, now(), $5) on conflict do nothing`,
        [place.tenantId, place.id, spec, await seal.seal(secret, nameOf(place)), by],
      );
      return rowCount === 1;
    },
    async change({ tenantId, id }, { spec, by }) {
      const { rows } = await pool.query<Row>(
        `update connectsoft.subscriptions s set spec = $3, changed_at = now(), changed_by = $4
          where ${here} returning ${columns}`,
        [tenantId, id, spec, by],
      );
      return rows.map(recordOf)[0];
    },
    async rotate(place, { secret, overlapMs, by }) {
      const { rows } = await pool.query<Row>(
        `update connectsoft.subscriptions s
            set secret = $3, changed_at = now(), changed_by = $5,
                previous_secret = case when $4 > 0 then s.secret end,
                previous_until = case when $4 > 0 then now() + $4 * interval '1 ms' end
          where ${here} returning ${columns}`,
        [place.tenantId, place.id, await seal.seal(secret, nameOf(place)), overlapMs, by],
      );
      return rows.map(recordOf)[0];
    },
    async remove({ tenantId, id }) {
      const { rowCount } = await pool.query(`delete from connectsoft.subscriptions s where ${here}`, [
        tenantId,
        id,
      ]);
      return rowCount === 1;
    },
    async secrets(place) {
      const { rows } = await pool.query<{ secret: string; previous: string | null }>(
        `select s.secret, case when s.previous_until > now() then s.previous_secret end as previous
           from connectsoft.subscriptions s where ${here}`,
        [place.tenantId, place.id],
      );
      const [row] = rows;
      if (row === undefined) return undefined;
      const present = await seal.open(row.secret, nameOf(place));
      if (row.previous === null) return { present };
      return { present, previous: await seal.open(row.previous, nameOf(place)) };
    },
  };
}

/** What a secret is sealed for: it opens in no other row. */
function nameOf({ tenantId, id }: SubscriptionPlace): string {
  return `subscriptions/${tenantId}/${id}`;
}

function recordOf(row: Row): SubscriptionRecord {
  return {
    tenantId: row.tenant_id,
    id: row.subscription_id,
    spec: row.spec,
    madeAt: row.made_at.toISOString(),
    madeBy: row.made_by,
    changedAt: row.changed_at.toISOString(),
    changedBy: row.changed_by,
    ...(row.previous_until !== null && { previousUntil: row.previous_until.toISOString() }),
  };
}
