/** Many deliveries from one that really went its way: rows that are copied by the database under other names. */
import type { Pool } from "pg";

export interface Fill {
  /** Key of the delivery that is copied. */
  subject: string;
  deliveries: number;
  modules: number;
  /** Of so many of the newest the chain and the whole state are there, too. */
  chains: number;
}

/** States as they are spread over a year of deliveries. */
const spread = `case when n % 100 < 72 then 'live' when n % 100 < 80 then 'replaced' when n % 100 < 86 then 'failed'
  when n % 100 < 90 then 'rolled-back' when n % 100 < 93 then 'needs-approval' when n % 100 < 95 then 'cancelled'
  when n % 100 < 97 then 'rejected' when n % 100 < 98 then 'running' else 'held' end`;

export async function fillDeliveries(pool: Pool, fill: Fill): Promise<void> {
  const [tenantId = "", traceId = "", moduleId = ""] = fill.subject.split("/");
  await pool.query(
    `create temporary table copies as
       select n, 'trace-' || lpad(n::text, 6, '0') as trace_id, 'service-' || lpad((n % $1)::text, 3, '0') as module_id,
              now() - (($2 - n) * interval '5 minutes') - interval '1 day' as at, ${spread} as state
         from generate_series(1, $2::int) n`,
    [fill.modules, fill.deliveries],
  );
  const renamed = (column: string) =>
    `replace(replace(${column}, '${traceId}', c.trace_id), '${moduleId}', c.module_id)`;
  await pool.query(
    `insert into connectsoft.deliveries
       (subject, tenant_id, trace_id, module_id, phase, sequence, hash, hand_over, state, active, created_at, updated_at)
     select $1 || '/' || c.trace_id || '/' || c.module_id, $1, c.trace_id, c.module_id, d.phase, d.sequence, d.hash,
            ${renamed("d.hand_over")}, case when c.n > $3 then ${renamed("d.state")} else d.short end,
            case when c.state = 'needs-approval' then d.active
                 else replace(d.active, 'awaiting_approval', 'published') end, c.at,
            c.at + interval '3 minutes'
       from copies c, (select t.*, (t.state::jsonb || '{"artifacts": {}}')::text as short
                         from connectsoft.deliveries t where t.subject = $2) d`,
    [tenantId, fill.subject, fill.deliveries - fill.chains],
  );
  await pool.query(
    `insert into connectsoft.delivery_cards
       (subject, tenant_id, trace_id, module_id, version, sponsor, state, places, search, created_at)
     select $1 || '/' || c.trace_id || '/' || c.module_id, $1, c.trace_id, c.module_id, '1.' || c.n % 97 || '.0',
            'person-' || c.n % 40, c.state,
            array['staging', 'staging=live', 'production', 'production=' || c.state],
            c.trace_id || ' ' || c.module_id || ' 1.' || c.n % 97 || '.0 person-' || c.n % 40, c.at
       from copies c`,
    [tenantId],
  );
  await pool.query(
    `insert into connectsoft.events (subject, sequence, event_id, name, body)
     select $1 || '/' || c.trace_id || '/' || c.module_id, e.sequence, ${renamed("e.event_id")}, e.name, ${renamed("e.body")}
       from copies c, connectsoft.events e where e.subject = $2 and c.n > $3`,
    [tenantId, fill.subject, fill.deliveries - fill.chains],
  );
  await pool.query(
    `insert into connectsoft.told_events
       (tenant_id, at, subject, sequence, name, module_id, environment, release_id, actor)
     select t.tenant_id, c.at + (t.at - b.at), $1 || '/' || c.trace_id || '/' || c.module_id, t.sequence, t.name,
            c.module_id, t.environment, t.release_id || '-' || c.n, t.actor
       from copies c, connectsoft.told_events t,
            (select min(f.at) as at from connectsoft.told_events f where f.subject = $2) b
      where t.subject = $2 and c.n > $3`,
    [tenantId, fill.subject, fill.deliveries - fill.chains],
  );
  await pool.query("vacuum analyze");
}

/** Makes a chain longer: its newest comment again, until there are so many events. For screens; it does not verify. */
export async function lengthenChain(pool: Pool, subject: string, events: number): Promise<void> {
  const [tenantId = ""] = subject.split("/");
  const { rows } = await pool.query<{ head: number }>(
    `with last as (
       select e.* from connectsoft.events e where e.subject = $1 and e.name = 'ReleaseCommented'
        order by e.sequence desc limit 1),
     copies as (
       insert into connectsoft.events (subject, sequence, event_id, name, body)
       select l.subject, n, l.event_id || '.' || n, l.name,
              jsonb_set(jsonb_set(l.body::jsonb, '{sequence}', to_jsonb(n)), '{data,comment}',
                        to_jsonb('line ' || n || ' of a long story'))::text
         from last l, connectsoft.deliveries d, generate_series(d.sequence + 1, $2::int) n where d.subject = $1),
     told as (
       insert into connectsoft.told_events
         (tenant_id, at, subject, sequence, name, module_id, environment, release_id, actor)
       select t.tenant_id, t.at + n * interval '1 millisecond', t.subject, n, t.name, t.module_id, t.environment, t.release_id, t.actor
         from last l, connectsoft.deliveries d, connectsoft.told_events t, generate_series(d.sequence + 1, $2::int) n
        where d.subject = $1 and t.subject = $1 and t.sequence = l.sequence)
     update connectsoft.deliveries d set sequence = $2 where d.subject = $1 and d.tenant_id = $3
     returning d.sequence as head`,
    [subject, events, tenantId],
  );
  if (rows.length === 0) throw new Error(`There is no delivery ${subject}.`);
}
