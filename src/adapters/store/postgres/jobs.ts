/** Jobs and timers: which are due, who takes them. */
import type { Pool } from "pg";
import type { EngineStore, Job } from "../../../ports/engine-store.ts";
import { iso, type JobRow, rowToJob, splitKey } from "./rows.ts";

export async function claimJobs(
  pool: Pool,
  request: Parameters<EngineStore["claimJobs"]>[0],
): Promise<Job[]> {
  const { rows } = await pool.query<JobRow>({
    name: "claim-jobs",
    text: `update connectsoft.jobs j set worker_id = $1
           where j.invocation_id in (
             select c.invocation_id from connectsoft.jobs c
             where c.worker_id is null and c.due_at <= $2 and c.queue = any($3::text[]) and c.agent_id <> all($4::text[])
             order by c.due_at limit $5 for update skip locked)
           returning j.subject, j.invocation_id, j.attempt, j.agent_id, j.queue, j.due_at`,
    values: [request.worker, request.now, request.queues, request.except, request.limit],
  });
  return rows.map(rowToJob).sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
}

export async function heldJobs(pool: Pool, worker: string): Promise<Job[]> {
  const { rows } = await pool.query<JobRow>(
    `select j.subject, j.invocation_id, j.attempt, j.agent_id, j.queue, j.due_at
     from connectsoft.jobs j where j.worker_id = $1 order by j.due_at`,
    [worker],
  );
  return rows.map(rowToJob);
}

export async function releaseJobs(pool: Pool, worker: string): Promise<void> {
  await pool.query("update connectsoft.jobs j set worker_id = null where j.worker_id = $1", [worker]);
}

export async function dueTimers(pool: Pool, request: { now: string; limit: number }) {
  const { rows } = await pool.query<{ subject: string; timer: string }>({
    name: "due-timers",
    text: `select t.subject, t.timer from connectsoft.timers t where t.due_at <= $1 order by t.due_at limit $2`,
    values: [request.now, request.limit],
  });
  return rows.map(({ subject, timer }) => ({ subject: splitKey(subject), timer }));
}

export async function nextDueAt(pool: Pool, queues: string[]): Promise<string | undefined> {
  const { rows } = await pool.query<{ due_at: Date | null }>({
    name: "next-due-at",
    text: `select least(
             (select t.due_at from connectsoft.timers t order by t.due_at limit 1),
             (select j.due_at from connectsoft.jobs j
               where j.worker_id is null and j.queue = any($1::text[]) and j.due_at < 'infinity'
               order by j.due_at limit 1)) as due_at`,
    values: [queues],
  });
  const due = rows[0]?.due_at;
  return due === null || due === undefined ? undefined : iso(due);
}
