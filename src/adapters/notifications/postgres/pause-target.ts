/** Stops what is sent to a target, and lets it go on. What waits is looked at together with whether it may be sent. */
import type { Pool } from "pg";
import type { Notifications } from "../../../ports/notifications.ts";

export function createPauses(pool: Pool): Pick<Notifications, "pause" | "resume"> {
  return {
    async pause({ tenantId, targetId }, { by, reason }) {
      const { rowCount } = await pool.query(
        `update connectsoft.notification_targets t set paused_at = now(), paused_by = $3, paused_reason = $4
          where t.tenant_id = $1 and t.target_id = $2 and t.paused_at is null`,
        [tenantId, targetId, by, reason],
      );
      return rowCount === 1;
    },
    async resume({ tenantId, targetId }, { skip }) {
      const { rows } = await pool.query<{ skipped: number }>(
        `with resumed as (
           update connectsoft.notification_targets t
              set paused_at = null, paused_by = null, paused_reason = null, resumed_at = now(), resume_at = '-infinity'
            where t.tenant_id = $1 and t.target_id = $2 and t.paused_at is not null
           returning 1),
         gathered as (
           update connectsoft.notifications n
              set state = case when $3 then 'skipped' else 'waiting' end,
                  due_at = now(), ended_at = case when $3 then now() end
            where n.tenant_id = $1 and n.target_id = $2 and n.state = 'waiting' and ($3 or n.due_at > now())
              and exists (select from resumed)
           returning n.state)
         select (select count(*)::int from gathered g where g.state = 'skipped') as skipped from resumed`,
        [tenantId, targetId, skip],
      );
      return rows[0];
    },
  };
}
