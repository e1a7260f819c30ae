/** Notifications in PostgreSQL: an outbox that is filled from the chains, and emptied by whoever claims first. */
import type { Pool } from "pg";
import type { DeliveryEvent } from "../../../domain/event/event.ts";
import type { Notifications } from "../../../ports/notifications.ts";
import { listNotifications, readAttempts, readStates, reviveNotifications } from "./list-notifications.ts";
import { createPauses } from "./pause-target.ts";
import { keepAttempt, settleNotification } from "./settle-notification.ts";
import { takeEvents } from "./take-events.ts";

export function createNotifications({ pool }: { pool: Pool }): Notifications {
  return {
    ...createPauses(pool),
    async targets() {
      const { rows } = await pool.query<TargetRow>(
        `select t.tenant_id, t.target_id from connectsoft.notification_targets t`,
      );
      return rows.map(targetOf);
    },
    async open({ tenantId, targetId, since }) {
      await pool.query(
        `insert into connectsoft.notification_targets (tenant_id, target_id, since) values ($1, $2, $3)
         on conflict do nothing`,
        [tenantId, targetId, since],
      );
    },
    async close({ tenantId, targetId }) {
      await pool.query(
        `with gone as (
           delete from connectsoft.notification_targets t where t.tenant_id = $1 and t.target_id = $2),
         forgotten as (
           delete from connectsoft.notification_positions p where p.tenant_id = $1 and p.target_id = $2)
         delete from connectsoft.notifications n where n.tenant_id = $1 and n.target_id = $2`,
        [tenantId, targetId],
      );
    },
    take: (tenantId, selections, among) => takeEvents(pool, { tenantId, selections, among }),
    async due() {
      const { rows } = await pool.query<TargetRow>({
        name: "notifications-due",
        text: `select t.tenant_id, t.target_id from connectsoft.notification_targets t
               where t.resume_at <= now() and t.paused_at is null and exists (
                 select from connectsoft.notifications n
                 where n.tenant_id = t.tenant_id and n.target_id = t.target_id
                   and n.state = 'waiting' and n.due_at <= now())`,
      });
      return rows.map(targetOf);
    },
    async claim({ tenantId, targetId }, { limit, leaseMs }) {
      const { rows } = await pool.query<{
        notification_id: string;
        attempts: number;
        made_at: Date;
        body: string;
      }>(claimStatement, [tenantId, targetId, limit, leaseMs]);
      return rows.map((row) => ({
        notificationId: row.notification_id,
        event: JSON.parse(row.body) as DeliveryEvent,
        attempt: row.attempts,
        madeAt: row.made_at.toISOString(),
      }));
    },
    async settle(claimed, settlement, went) {
      await settleNotification(pool, claimed, settlement);
      await keepAttempt(pool, claimed, { ...went, arrived: settlement.state === "sent" });
    },
    async tidy({ staleMs, sentMs, deadMs }) {
      await pool.query(
        `update connectsoft.notifications n
            set state = 'dead', ended_at = now(), problem = coalesce(n.problem, t.problem)
           from connectsoft.notification_targets t
          where t.tenant_id = n.tenant_id and t.target_id = n.target_id and t.failures > 0
            and t.paused_at is null and n.state = 'waiting'
            and greatest(n.made_at, t.resumed_at) < now() - $1 * interval '1 ms'`,
        [staleMs],
      );
      await pool.query(
        `delete from connectsoft.notifications n
         where (n.state = 'sent' and n.ended_at < now() - $1 * interval '1 ms')
            or (n.state in ('dead', 'skipped') and n.ended_at < now() - $2 * interval '1 ms')`,
        [sentMs, deadMs],
      );
    },
    list: (tenantId, query = {}) => listNotifications(pool, tenantId, query),
    attempts: (tenantId, ids) => readAttempts(pool, tenantId, ids),
    states: (tenantId) => readStates(pool, tenantId),
    revive: (tenantId, which) => reviveNotifications(pool, tenantId, which),
  };
}

interface TargetRow {
  tenant_id: string;
  target_id: string;
}

function targetOf({ tenant_id, target_id }: TargetRow): { tenantId: string; targetId: string } {
  return { tenantId: tenant_id, targetId: target_id };
}

/**
 * Of each delivery only the first that waits: what comes after it on the chain comes after it here. A target that
 * failed gets one at a time until it answers. Who comes second looks at the row as the first one left it.
 */
const claimStatement = `
with target as (
  select t.failures from connectsoft.notification_targets t
   where t.tenant_id = $1 and t.target_id = $2 and t.resume_at <= now() and t.paused_at is null),
heads as (
  select distinct on (n.subject) n.notification_id from connectsoft.notifications n
   where n.tenant_id = $1 and n.target_id = $2 and n.state = 'waiting'
   order by n.subject, n.sequence),
mine as (
  select n.notification_id from connectsoft.notifications n
    join heads h on h.notification_id = n.notification_id
   where n.state = 'waiting' and n.due_at <= now()
   order by n.due_at, n.notification_id
   limit (select case when t.failures > 0 then 1 else $3::int end from target t)
   for update of n skip locked),
claimed as (
  update connectsoft.notifications n
     set attempts = n.attempts + 1, due_at = now() + $4 * interval '1 ms'
    from mine m where n.notification_id = m.notification_id and exists (select from target)
  returning n.notification_id, n.attempts, n.made_at, n.subject, n.sequence)
select c.notification_id, c.attempts, c.made_at, e.body from claimed c
  join connectsoft.events e on e.subject = c.subject and e.sequence = c.sequence
 order by c.made_at, c.subject, c.sequence`;
