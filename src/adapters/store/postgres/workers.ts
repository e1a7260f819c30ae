/**
 * Worker liveness: a worker is alive while its database session holds an advisory lock. PostgreSQL lets go
 * of it when the session ends, however the process ended, so a loss is seen at the next look.
 */
import pg, { type Pool } from "pg";
import type { Enlistment, Job } from "../../../ports/engine-store.ts";
import { type JobRow, rowToJob } from "./rows.ts";

const lockClass = 731;

export async function enlist(
  url: string,
  worker: { host: string; pid: number; queues: string[] },
): Promise<Enlistment> {
  const session = new pg.Client({
    connectionString: url,
    application_name: "connectsoft worker",
    keepAlive: true,
  });
  const lost = new Promise<void>((resolve) => {
    session.on("error", () => resolve());
    session.on("end", () => resolve());
  });
  await session.connect();
  const { rows } = await session.query<{ worker_id: string }>(
    `insert into connectsoft.workers (host, pid, queues) values ($1, $2, $3) returning worker_id`,
    [worker.host, worker.pid, worker.queues.join(" ")],
  );
  const id = String(rows[0]?.worker_id);
  await session.query("select pg_advisory_lock($1, $2)", [lockClass, id]);
  return {
    worker: id,
    lost,
    async discharge() {
      await session
        .query("delete from connectsoft.workers w where w.worker_id = $1", [id])
        .catch(() => undefined);
      await session.end().catch(() => undefined);
    },
  };
}

/** A worker that enlists holds no lock for an instant: only those enlisted for a second are looked at. */
const gone = `
  select w.worker_id from connectsoft.workers w
  where w.enlisted_at < now() - interval '1 second' and not exists (
    select 1 from pg_locks l
    where l.locktype = 'advisory' and l.classid = ${lockClass} and l.objid = w.worker_id and l.granted
      and l.database = (select d.oid from pg_database d where d.datname = current_database()))`;

export async function lostJobs(pool: Pool): Promise<(Job & { worker: string })[]> {
  const { rows: workers } = await pool.query<{ worker_id: string }>({ name: "gone-workers", text: gone });
  if (workers.length === 0) return [];
  const ids = workers.map((worker) => worker.worker_id);
  const { rows } = await pool.query<JobRow & { worker_id: string }>(
    `select j.subject, j.invocation_id, j.attempt, j.agent_id, j.queue, j.due_at, j.worker_id
     from connectsoft.jobs j where j.worker_id = any($1::bigint[])`,
    [ids],
  );
  const busy = new Set(rows.map((row) => String(row.worker_id)));
  const free = ids.filter((id) => !busy.has(String(id)));
  await pool.query("delete from connectsoft.workers w where w.worker_id = any($1::bigint[])", [free]);
  return rows.map((row) => ({ ...rowToJob(row), worker: String(row.worker_id) }));
}
