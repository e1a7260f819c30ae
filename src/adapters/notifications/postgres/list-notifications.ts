/** What was told, what waits and what was given up, as people look at it. */
import type { Pool } from "pg";
import type {
  Attempt,
  NotificationQuery,
  NotificationRow,
  NotificationState,
  RevivedOnes,
  TargetState,
} from "../../../ports/notifications.ts";

interface Row {
  notification_id: string;
  target_id: string;
  subject: string;
  sequence: string;
  name: string;
  state: NotificationState;
  attempts: number;
  due_at: Date;
  made_at: Date;
  ended_at: Date | null;
  problem: string | null;
}

const columns =
  "n.notification_id, n.target_id, n.subject, n.sequence, n.name, n.state, n.attempts, n.due_at, n.made_at, n.ended_at, n.problem";

export async function listNotifications(
  pool: Pool,
  tenantId: string,
  { targetId, state, limit = 100 }: NotificationQuery,
): Promise<NotificationRow[]> {
  const { rows } = await pool.query<Row>(
    `select ${columns} from connectsoft.notifications n
      where n.tenant_id = $1 and ($2::text is null or n.target_id = $2) and ($3::text is null or n.state = $3)
      order by n.made_at desc, n.subject, n.sequence desc limit $4`,
    [tenantId, targetId ?? null, state ?? null, limit],
  );
  return rows.map(rowOf);
}

export async function readStates(pool: Pool, tenantId: string): Promise<TargetState[]> {
  const { rows } = await pool.query<{
    target_id: string;
    failures: number;
    problem: string | null;
    resume_at: Date | null;
    paused_at: Date | null;
    paused_by: string | null;
    paused_reason: string | null;
    waiting: number;
    sent: number;
    dead: number;
  }>(
    `select t.target_id, t.failures, t.problem, t.paused_at, t.paused_by, t.paused_reason,
            case when t.resume_at > now() then t.resume_at end as resume_at,
            count(*) filter (where n.state = 'waiting')::int as waiting,
            count(*) filter (where n.state = 'sent')::int as sent,
            count(*) filter (where n.state = 'dead')::int as dead
       from connectsoft.notification_targets t
       left join connectsoft.notifications n on n.tenant_id = t.tenant_id and n.target_id = t.target_id
      where t.tenant_id = $1 group by t.tenant_id, t.target_id order by t.target_id`,
    [tenantId],
  );
  return rows.map(({ target_id, failures, problem, resume_at, waiting, sent, dead, ...row }) => ({
    ...{ tenantId, targetId: target_id, failures, waiting, sent, dead },
    ...(row.paused_at !== null && {
      paused: { at: row.paused_at.toISOString(), by: row.paused_by ?? "", reason: row.paused_reason ?? "" },
    }),
    ...(problem !== null && { problem }),
    ...(resume_at !== null && { resumeAt: resume_at.toISOString() }),
  }));
}

export async function readAttempts(
  pool: Pool,
  tenantId: string,
  notificationIds: readonly string[],
): Promise<Attempt[]> {
  const { rows } = await pool.query<{
    notification_id: string;
    at: Date;
    took_ms: number;
    arrived: boolean;
    answer: string;
  }>(
    `select a.* from unnest($2::text[]) as asked (id)
      cross join lateral (
        select a.attempt_id, a.notification_id, a.at, a.took_ms, a.arrived, a.answer
          from connectsoft.notification_attempts a
         where a.notification_id = asked.id and a.tenant_id = $1 order by a.attempt_id desc limit 100) a
      order by a.attempt_id`,
    [tenantId, notificationIds],
  );
  return rows.map(({ notification_id, at, took_ms, arrived, answer }) => ({
    ...{ notificationId: notification_id, at: at.toISOString(), tookMs: took_ms, arrived, answer },
  }));
}

/** As if it had just been made; a target that was held back is tried at once. */
export async function reviveNotifications(
  pool: Pool,
  tenantId: string,
  which: RevivedOnes,
): Promise<NotificationRow[]> {
  const ids = "ids" in which ? which.ids : "again" in which ? which.again : null;
  const targetId = "targetId" in which ? (which.targetId ?? null) : null;
  const ended = "again" in which ? ["dead", "sent", "skipped"] : ["dead"];
  const { rows } = await pool.query<Row>(
    `with revived as (
       update connectsoft.notifications n
          set state = 'waiting', attempts = 0, due_at = now(), made_at = now(), ended_at = null
        where n.tenant_id = $1 and n.state = any($4)
          and ($2::text[] is null or n.notification_id = any($2)) and ($3::text is null or n.target_id = $3)
       returning ${columns}),
     resumed as (
       update connectsoft.notification_targets t set resume_at = '-infinity'
         from revived r where t.tenant_id = $1 and t.target_id = r.target_id)
     select ${columns} from revived n`,
    [tenantId, ids, targetId, ended],
  );
  return rows.map(rowOf);
}

function rowOf(row: Row): NotificationRow {
  return {
    notificationId: row.notification_id,
    targetId: row.target_id,
    subject: row.subject,
    sequence: Number(row.sequence),
    name: row.name,
    state: row.state,
    attempts: row.attempts,
    madeAt: row.made_at.toISOString(),
    ...(row.state === "waiting" && { dueAt: row.due_at.toISOString() }),
    ...(row.ended_at !== null && { endedAt: row.ended_at.toISOString() }),
    ...(row.problem !== null && { problem: row.problem }),
  };
}
