/** Hooks in PostgreSQL, their secrets sealed before they leave this process. */
import { randomBytes } from "node:crypto";
import type { Pool } from "pg";
import type { HookSpec } from "../../../domain/hook/hook.ts";
import { signingSecretOf } from "../../../domain/subscription/signing-secret.ts";
import type { HookPlace, HookRecord, Hooks } from "../../../ports/hooks.ts";
import type { Seal } from "../../../ports/seal.ts";
import { createHookReceipts } from "./hook-receipts.ts";

interface Row {
  tenant_id: string;
  hook_id: string;
  spec: HookSpec;
  made_at: Date;
  made_by: string;
  changed_at: Date;
  changed_by: string;
}

const columns = "h.tenant_id, h.hook_id, h.spec, h.made_at, h.made_by, h.changed_at, h.changed_by";
const here = "h.tenant_id = $1 and h.hook_id = $2";

export function createHooks({ pool, seal }: { pool: Pool; seal: Seal }): Hooks {
  return {
    mintSecret(kind) {
      const bytes = randomBytes(32);
      return kind === "standard" || kind === "gitlab" ? signingSecretOf(bytes) : bytes.toString("base64url");
    },
    async list(tenantId) {
      const { rows } = await pool.query<Row>(
        `select ${columns} from connectsoft.hooks h where h.tenant_id = $1 order by h.hook_id`,
        [tenantId],
      );
      return rows.map(recordOf);
    },
    async get({ tenantId, id }) {
      const { rows } = await pool.query<Row>(`select ${columns} from connectsoft.hooks h where ${here}`, [
        tenantId,
        id,
      ]);
      return rows.map(recordOf)[0];
    },
    async add(place, { spec, secret, by }) {
      const { rowCount } = await pool.query(
        `insert into connectsoft.hooks
           (tenant_id, hook_id, spec, secret, made_at, made_by, changed_at, changed_by)
         values ($1, $2, $3, $4, now(), $5, now(), $5) on conflict do nothing`,
        [place.tenantId, place.id, spec, await seal.seal(secret, nameOf(place)), by],
      );
      return rowCount === 1;
    },
    async change(place, { spec, secret, by }) {
      const sealed = secret === undefined ? null : await seal.seal(secret, nameOf(place));
      const { rows } = await pool.query<Row>(
        `update connectsoft.hooks h
            set spec = $3, secret = coalesce($4, h.secret), changed_at = now(), changed_by = $5
          where ${here} returning ${columns}`,
        [place.tenantId, place.id, spec, sealed, by],
      );
      return rows.map(recordOf)[0];
    },
    async remove({ tenantId, id }) {
      const { rowCount } = await pool.query(`delete from connectsoft.hooks h where ${here}`, [tenantId, id]);
      return rowCount === 1;
    },
    async secret(place) {
      const { rows } = await pool.query<{ secret: string }>(
        `select h.secret from connectsoft.hooks h where ${here}`,
        [place.tenantId, place.id],
      );
      const [row] = rows;
      return row && (await seal.open(row.secret, nameOf(place)));
    },
    ...createHookReceipts(pool),
  };
}

/** What a secret is sealed for: it opens in no other row. */
function nameOf({ tenantId, id }: HookPlace): string {
  return `hooks/${tenantId}/${id}`;
}

function recordOf(row: Row): HookRecord {
  return {
    tenantId: row.tenant_id,
    id: row.hook_id,
    spec: row.spec,
    madeAt: row.made_at.toISOString(),
    madeBy: row.made_by,
    changedAt: row.changed_at.toISOString(),
    changedBy: row.changed_by,
  };
}
