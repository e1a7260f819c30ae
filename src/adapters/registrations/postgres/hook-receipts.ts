/** What hooks received: written before anything is done for it, and done once at a time. */
import type { Pool } from "pg";
import type { HookWish } from "../../../domain/hook/hook.ts";
import type { HookReceipt, Hooks } from "../../../ports/hooks.ts";

interface Row {
  hook_id: string;
  receipt_id: string;
  event: string;
  state: HookReceipt["state"];
  attempts: number;
  received_at: Date;
  ended_at: Date | null;
  answer: string;
}

const columns = "r.hook_id, r.receipt_id, r.event, r.state, r.attempts, r.received_at, r.ended_at, r.answer";

type Receiving = "receive" | "claim" | "settle" | "receipt" | "receipts" | "tidy";

export function createHookReceipts(pool: Pool): Pick<Hooks, Receiving> {
  return {
    async receive({ tenantId, id: hook }, { id, event, bodySha256, wish, answer, leaseMs }) {
      const { rows } = await pool.query<Row>(
        `insert into connectsoft.hook_receipts as r
           (tenant_id, hook_id, receipt_id, body_sha256, event, wish, answer, state, attempts, due_at, received_at, ended_at)
         values ($1, $2, $3, $4, $5, $6, $7, case when $6::text is null then 'ignored' else 'waiting' end,
                 case when $6::text is null then 0 else 1 end, now() + $8 * interval '1 ms', now(),
                 case when $6::text is null then now() end)
         on conflict do nothing returning ${columns}`,
        [tenantId, hook, id, bodySha256 ?? null, event, wish && JSON.stringify(wish), answer, leaseMs],
      );
      const [made] = rows;
      if (made !== undefined) return { known: false, receipt: receiptOf(made) };
      const again = await pool.query<Row>(
        `update connectsoft.hook_receipts r
            set state = 'waiting', wish = $4, answer = $5, attempts = r.attempts + 1, ended_at = null,
                due_at = now() + $6 * interval '1 ms'
          where r.tenant_id = $1 and r.hook_id = $2 and r.receipt_id = $3 and r.state = 'refused' and $4::text is not null
          returning ${columns}`,
        [tenantId, hook, id, wish && JSON.stringify(wish), answer, leaseMs],
      );
      if (again.rows[0] !== undefined) return { known: false, receipt: receiptOf(again.rows[0]) };
      const known = await pool.query<Row>(
        `select ${columns} from connectsoft.hook_receipts r
          where r.tenant_id = $1 and r.hook_id = $2 and (r.receipt_id = $3 or r.body_sha256 = $4)
          order by (r.receipt_id = $3) desc limit 1`,
        [tenantId, hook, id, bodySha256 ?? null],
      );
      const [row] = known.rows;
      if (row === undefined) throw new Error(`a receipt of ${tenantId}/${hook} is neither new nor known`);
      return { known: true, receipt: receiptOf(row) };
    },
    async claim({ limit, leaseMs }) {
      const { rows } = await pool.query<{
        tenant_id: string;
        hook_id: string;
        receipt_id: string;
        wish: string;
        attempts: number;
      }>(
        `with due as (
           select r.tenant_id, r.hook_id, r.receipt_id from connectsoft.hook_receipts r
            where r.state = 'waiting' and r.due_at <= now() order by r.due_at limit $1 for update skip locked)
         update connectsoft.hook_receipts r
            set attempts = r.attempts + 1, due_at = now() + $2 * interval '1 ms'
           from due d where r.tenant_id = d.tenant_id and r.hook_id = d.hook_id and r.receipt_id = d.receipt_id
         returning r.tenant_id, r.hook_id, r.receipt_id, r.wish, r.attempts`,
        [limit, leaseMs],
      );
      return rows.map((row) => ({
        ...{ tenantId: row.tenant_id, id: row.hook_id, receiptId: row.receipt_id },
        wish: JSON.parse(row.wish) as HookWish,
        attempt: row.attempts,
      }));
    },
    async settle({ tenantId, id, receiptId, attempt }, end) {
      const delayMs = end.state === "waiting" ? end.delayMs : 0;
      await pool.query(
        `update connectsoft.hook_receipts r
            set state = $5, answer = $6, due_at = now() + $7 * interval '1 ms',
                ended_at = case when $5 = 'waiting' then null else now() end,
                wish = case when $5 = 'waiting' then r.wish end
          where r.tenant_id = $1 and r.hook_id = $2 and r.receipt_id = $3 and r.state = 'waiting'
            and (r.attempts = $4 or $5 = 'done')`,
        [tenantId, id, receiptId, attempt, end.state, end.answer, delayMs],
      );
    },
    async receipt({ tenantId, id }, receiptId) {
      const { rows } = await pool.query<Row>(
        `select ${columns} from connectsoft.hook_receipts r
          where r.tenant_id = $1 and r.hook_id = $2 and r.receipt_id = $3`,
        [tenantId, id, receiptId],
      );
      return rows.map(receiptOf)[0];
    },
    async receipts(tenantId, { hook, limit }) {
      const { rows } = await pool.query<Row>(
        `select ${columns} from connectsoft.hook_receipts r where r.tenant_id = $1 and r.hook_id = $2
          order by r.received_at desc, r.receipt_id limit $3`,
        [tenantId, hook, limit],
      );
      return rows.map(receiptOf);
    },
    async tidy(endedMs) {
      await pool.query(
        `delete from connectsoft.hook_receipts r
          where r.ended_at < now() - $1 * interval '1 ms' and r.body_sha256 is null`,
        [endedMs],
      );
    },
  };
}

function receiptOf(row: Row): HookReceipt {
  return {
    hook: row.hook_id,
    id: row.receipt_id,
    event: row.event,
    state: row.state,
    attempts: row.attempts,
    receivedAt: row.received_at.toISOString(),
    answer: row.answer,
    ...(row.ended_at !== null && { endedAt: row.ended_at.toISOString() }),
  };
}
