/** Writes down how an attempt went, and what it says of the target. */
import type { Pool } from "pg";
import type { Attempt, Notifications, Settlement } from "../../../ports/notifications.ts";

type Attempted = Parameters<Notifications["settle"]>[0];

export async function settleNotification(
  pool: Pool,
  attempted: Attempted,
  settlement: Settlement,
): Promise<void> {
  const { tenantId, targetId, notificationId, attempt } = attempted;
  const place = [tenantId, targetId, notificationId];
  switch (settlement.state) {
    case "sent":
      await pool.query(
        `with sent as (
           update connectsoft.notifications n set state = 'sent', ended_at = now(), problem = null
            where n.tenant_id = $1 and n.target_id = $2 and n.notification_id = $3)
         update connectsoft.notification_targets t set failures = 0, problem = null, resume_at = '-infinity'
          where t.tenant_id = $1 and t.target_id = $2 and t.failures > 0`,
        place,
      );
      return;
    case "unfit":
      await pool.query(
        `delete from connectsoft.notifications n
          where n.tenant_id = $1 and n.target_id = $2 and n.notification_id = $3`,
        place,
      );
      return;
    case "dead":
      await pool.query(
        `update connectsoft.notifications n set state = 'dead', ended_at = now(), problem = $5
          where n.tenant_id = $1 and n.target_id = $2 and n.notification_id = $3
            and n.state = 'waiting' and n.attempts = $4`,
        [...place, attempt, settlement.problem],
      );
      return;
    case "waiting":
      await pool.query(
        `with again as (
           update connectsoft.notifications n set due_at = now() + $6 * interval '1 ms', problem = $5
            where n.tenant_id = $1 and n.target_id = $2 and n.notification_id = $3
              and n.state = 'waiting' and n.attempts = $4
           returning n.due_at)
         update connectsoft.notification_targets t
            set failures = t.failures + 1, problem = $5, resume_at = greatest(t.resume_at, a.due_at)
           from again a
          where $7 and t.tenant_id = $1 and t.target_id = $2`,
        [...place, attempt, settlement.problem, settlement.delayMs, settlement.holdsTarget],
      );
  }
}

/** A notification that is gone meanwhile, with its target, has no attempts. */
export async function keepAttempt(
  pool: Pool,
  { tenantId, notificationId }: Attempted,
  { tookMs, arrived, answer }: Pick<Attempt, "tookMs" | "arrived" | "answer">,
): Promise<void> {
  await pool.query(
    `insert into connectsoft.notification_attempts (tenant_id, notification_id, at, took_ms, arrived, answer)
     select n.tenant_id, n.notification_id, now(), $3, $4, $5 from connectsoft.notifications n
      where n.tenant_id = $1 and n.notification_id = $2 for key share`,
    [tenantId, notificationId, Math.round(tookMs), arrived, answer],
  );
}
