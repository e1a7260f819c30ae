/**
 * Worker liveness: a worker is alive while its database session holds an advisory lock. PostgreSQL lets go
 * of it when the session ends, however the process ended, so a loss is seen at the next look.
 */
import pg, { type Pool } from "pg";
import type { Enlistment, Job } from "../../../ports/engine-store.ts";
import { type JobRow, rowToJob } from "./rows.ts";

const lockClass = 731;

/** How soon the server notices that a worker's machine is gone, which cannot say so itself. */
const keepAlive = "-c tcp_keepalives_idle=2 -c tcp_keepalives_interval=1 -c tcp_keepalives_count=2";

export async function enlist(
  url: string,
  worker: { host: string; pid: number; queues: string[]; formerly?: string },
): Promise<Enlistment> {
  const session = new pg.Client({
    connectionString: url,
    application_name: "connectsoft worker",
    options: keepAlive,
    keepAlive: true,
  });
  const lost = new Promise<void>((resolve) => {
    session.on("error", () => resolve());
    session.on("end", () => resolve());
  });
  await session.connect();
  try {
    const id = await register(session, worker);
    return { worker: id, lost, discharge: () => discharge(session, id) };
  } catch (error) {
    await session.end().catch(() => undefined);
    throw error;
  }
}

/** The lock comes before the name is known to anybody: a worker that is in the table was alive when it came. */
async function register(
  session: pg.Client,
  { host, pid, queues, formerly }: Parameters<typeof enlist>[1],
): Promise<string> {
  const { rows } = await session.query<{ worker_id: string }>(
    "select nextval(pg_get_serial_sequence('connectsoft.workers', 'worker_id')) as worker_id",
  );
  const id = String(rows[0]?.worker_id);
  await session.query("select pg_advisory_lock($1, $2)", [lockClass, id]);
  await session.query(
    `insert into connectsoft.workers (worker_id, host, pid, queues) overriding system value values ($1, $2, $3, $4)`,
    [id, host, pid, queues.join(" ")],
  );
  if (formerly !== undefined)
    await session.query("update connectsoft.jobs j set worker_id = $1 where j.worker_id = $2", [
      id,
      formerly,
    ]);
  return id;
}

async function discharge(session: pg.Client, id: string): Promise<void> {
  await session
    .query("delete from connectsoft.workers w where w.worker_id = $1", [id])
    .catch(() => undefined);
  await session.end().catch(() => undefined);
}

/** Also of a worker that is not in the table any more: a job must not wait for someone who was forgotten. */
const isGone = (id: string) => `
  not exists (
    select 1 from pg_locks l
    where l.locktype = 'advisory' and l.classid = ${lockClass} and l.objid = ${id} and l.granted
      and l.database = (select d.oid from pg_database d where d.datname = current_database()))`;

export async function lostJobs(pool: Pool): Promise<(Job & { worker: string })[]> {
  const { rows } = await pool.query<JobRow & { worker_id: string }>({
    name: "lost-jobs",
    text: `with gone as (
             select h.worker_id
             from (select j.worker_id from connectsoft.jobs j where j.worker_id is not null
                   union select w.worker_id from connectsoft.workers w) as h
             where ${isGone("h.worker_id")}),
           forgotten as (
             delete from connectsoft.workers w using gone g where w.worker_id = g.worker_id)
           select j.subject, j.invocation_id, j.attempt, j.agent_id, j.queue, j.due_at, j.worker_id
           from connectsoft.jobs j join gone g on g.worker_id = j.worker_id`,
  });
  return rows.map((row) => ({ ...rowToJob(row), worker: String(row.worker_id) }));
}
