/** What the gauges say, asked of the database: the same answer from every process. */
import type { Pool } from "pg";
import type { GaugeReading } from "./count-metrics.ts";

export async function readGauges(pool: Pool): Promise<GaugeReading> {
  const [states, queues] = await Promise.all([
    pool.query<{ tenant: string; env: string; state: string; count: number }>(
      `select d.tenant_id as tenant, case when i.key = 'delivery' then '' else i.key end as env,
              s.state, count(*) as count
       from connectsoft.deliveries d
       cross join lateral jsonb_each(d.active::jsonb) i
       cross join lateral jsonb_array_elements_text(i.value) s(state)
       where d.phase = 'open' group by 1, 2, 3`,
    ),
    pool.query<{ queue: string; depth: number; lagSeconds: number }>(
      `select j.queue, count(*) as depth,
              coalesce(greatest(extract(epoch from now() - min(j.due_at) filter (where j.due_at <= now())), 0), 0)::float8
                as "lagSeconds"
       from connectsoft.jobs j where j.worker_id is null and j.due_at <> 'infinity' group by 1`,
    ),
  ]);
  return { states: states.rows, queues: queues.rows };
}
