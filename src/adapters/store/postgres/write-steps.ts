/** Everything that a batch of steps changes, in one statement: one round trip, whatever the size of the batch. */
import type { Pool, PoolClient } from "pg";
import type { DeliveryRecord } from "../../../domain/delivery/delivery-state.ts";
import { eventName } from "../../../domain/event/event.ts";
import { subjectKey } from "../../../domain/scope.ts";
import { timerChanges } from "../project-jobs.ts";
import { activeStates } from "../summary.ts";
import { changedCard, columnsOf } from "./card-rows.ts";
import { noticeChannel, noticesOf } from "./notices.ts";
import type { RecordCache } from "./record-cache.ts";
import { toldColumns } from "./told-rows.ts";
import type { WrittenStep } from "./written-step.ts";

export interface WriteOptions {
  now: string;
  /** The name under which notices go out. */
  from: string;
  /** Every delivery that was decided on, as it must still be. */
  before: ReadonlyMap<string, DeliveryRecord>;
  /** Event ids that must not stand on the chain yet. */
  absent: { subject: string; id: string }[];
  cache: RecordCache;
}

/** False: some delivery is not as it was decided on, or has one of the ids, and nothing was written. */
export async function writeSteps(
  client: Pool | PoolClient,
  steps: WrittenStep[],
  options: WriteOptions,
): Promise<boolean> {
  const states = steps.map(({ after }) => JSON.stringify(after.state));
  const { rows } = await client.query<{ taken: boolean }>({
    name: "write-steps",
    text: statement,
    values: values(steps, states, options),
  });
  if (rows[0]?.taken !== true) return false;
  steps.forEach(({ after }, index) => {
    options.cache.put(subjectKey(after.subject), after, states[index]?.length ?? 0);
  });
  return true;
}

/** Never inside JSON text, which escapes control characters: cheaper than an array's quotes around each quote. */
const separator = "\x1e";

/** Rows are locked in one order everywhere, so that batches of several processes wait for each other and no more. */
const statement = `
with
  held as materialized (
    select d.subject from connectsoft.deliveries d
      join unnest($40::text[], $41::bigint[], $42::text[]) as w (subject, sequence, hash)
        on d.subject = w.subject and d.sequence = w.sequence and d.hash = w.hash
     order by d.subject for update of d),
  verdict as materialized (
    select (select count(*) from held) = cardinality($40::text[]) and not exists (
      select from unnest($43::text[], $44::text[]) as a (subject, event_id)
        join connectsoft.events e on e.subject = a.subject and e.event_id = a.event_id) as taken),
  recorded as (
    update connectsoft.deliveries d
       set phase = s.phase, sequence = s.sequence, hash = s.hash, state = s.state, active = s.active,
           hand_over = coalesce(s.hand_over, d.hand_over), updated_at = $1
      from unnest($2::text[], $3::text[], $4::bigint[], $5::text[], string_to_array($6, e'\\x1e'), $7::text[], $8::text[])
           as s (subject, phase, sequence, hash, state, active, hand_over)
     where d.subject = s.subject and (select v.taken from verdict v)),
  appended as (
    insert into connectsoft.events (subject, sequence, event_id, name, body)
    select * from unnest($9::text[], $10::bigint[], $11::text[], $12::text[], string_to_array($13, e'\\x1e'))
     where (select v.taken from verdict v)),
  kept as (
    insert into connectsoft.artifacts
      (tenant_id, trace_id, module_id, path, version, kind, name, sha256, content, agent_id, skill_id, invocation_id, written_at)
    select a.*, $1 from unnest($14::text[], $15::text[], $16::text[], $17::text[], $18::int[], $19::text[], $20::text[],
      $21::text[], $22::text[], $23::text[], $24::text[], $25::text[]) as a
     where (select v.taken from verdict v)),
  closed as (
    delete from connectsoft.jobs j
     where j.invocation_id = any($26::text[]) and (select v.taken from verdict v)),
  opened as (
    insert into connectsoft.jobs (invocation_id, subject, attempt, agent_id, queue, due_at, worker_id)
    select * from unnest($27::text[], $28::text[], $29::int[], $30::text[], $31::text[], $32::timestamptz[], $33::bigint[])
     where (select v.taken from verdict v)
    on conflict (invocation_id) do update
      set attempt = excluded.attempt, due_at = excluded.due_at, worker_id = excluded.worker_id),
  stopped as (
    delete from connectsoft.timers t using unnest($34::text[], $35::text[]) as s (subject, timer)
     where t.subject = s.subject and t.timer = s.timer and (select v.taken from verdict v)),
  started as (
    insert into connectsoft.timers (subject, timer, due_at)
    select * from unnest($36::text[], $37::text[], $38::timestamptz[])
     where (select v.taken from verdict v)
    on conflict (subject, timer) do update set due_at = excluded.due_at),
  told as (
    insert into connectsoft.told_events
      (tenant_id, subject, sequence, name, at, module_id, environment, release_id, actor)
    select split_part(t.subject, '/', 1), t.subject, t.sequence, t.name, t.at, split_part(t.subject, '/', 3),
           t.environment, t.release_id, t.actor
      from unnest($51::text[], $52::bigint[], $53::text[], $54::timestamptz[], $55::text[], $56::text[], $57::text[])
           as t (subject, sequence, name, at, environment, release_id, actor)
     where (select v.taken from verdict v)),
  carded as (
    insert into connectsoft.delivery_cards
      (subject, tenant_id, trace_id, module_id, version, sponsor, state, places, search, created_at)
    select c.subject, d.tenant_id, d.trace_id, d.module_id, c.version, c.sponsor, c.state, string_to_array(c.places, ' '),
           c.search, d.created_at
      from unnest($45::text[], $46::text[], $47::text[], $48::text[], $49::text[], $50::text[])
           as c (subject, version, sponsor, state, places, search)
      join connectsoft.deliveries d on d.subject = c.subject
     where (select v.taken from verdict v)
    on conflict (subject) do update
      set version = excluded.version, sponsor = excluded.sponsor, state = excluded.state, places = excluded.places,
          search = excluded.search)
select v.taken, n.sent
  from verdict v left join lateral (
    select pg_notify('${noticeChannel}', notice) as sent from unnest($39::text[]) as t (notice) where v.taken) n on true`;

function values(
  steps: WrittenStep[],
  states: string[],
  { now, from, before, absent }: WriteOptions,
): unknown[] {
  const events = steps.flatMap((step) => step.events);
  const artifacts = steps.flatMap((step) =>
    step.artifacts.map((artifact) => ({ artifact, subject: step.after.subject })),
  );
  const jobs = steps.flatMap((step) => step.jobs.put);
  const timers = steps.map((step) => timerChanges(step.before, step.after));
  const stopped = timers.flatMap((change) => change.drop);
  const started = timers.flatMap((change) => change.put);
  const records = steps.map((step) => step.after);
  return [
    now,
    records.map((record) => subjectKey(record.subject)),
    records.map((record) => record.state.phase),
    records.map((record) => record.head.sequence),
    records.map((record) => record.head.hash),
    states.join(separator),
    records.map((record) => JSON.stringify(activeStates(record.state))),
    steps.map(({ before, after }) =>
      before.handOver === after.handOver ? null : JSON.stringify(after.handOver),
    ),
    events.map((event) => event.subject),
    events.map((event) => event.sequence),
    events.map((event) => event.id),
    events.map(eventName),
    events.map((event) => JSON.stringify(event)).join(separator),
    artifacts.map(({ subject }) => subject.tenantId),
    artifacts.map(({ subject }) => subject.traceId),
    artifacts.map(({ subject }) => subject.moduleId),
    artifacts.map(({ artifact }) => artifact.path),
    artifacts.map(({ artifact }) => artifact.version),
    artifacts.map(({ artifact }) => artifact.kind),
    artifacts.map(({ artifact }) => artifact.name),
    artifacts.map(({ artifact }) => artifact.sha256),
    artifacts.map(({ artifact }) => artifact.content),
    artifacts.map(({ artifact }) => artifact.writer.agentId),
    artifacts.map(({ artifact }) => artifact.writer.skillId),
    artifacts.map(({ artifact }) => artifact.writer.invocationId),
    steps.flatMap((step) => step.jobs.drop),
    jobs.map((job) => job.invocationId),
    jobs.map((job) => subjectKey(job.subject)),
    jobs.map((job) => job.attempt),
    jobs.map((job) => job.agentId),
    jobs.map((job) => job.queue),
    jobs.map((job) => job.dueAt),
    jobs.map((job) => job.worker ?? null),
    stopped.map(({ subject }) => subject),
    stopped.map(({ timer }) => timer),
    started.map(({ subject }) => subject),
    started.map(({ timer }) => timer),
    started.map(({ dueAt }) => dueAt),
    noticesOf(
      steps,
      jobs.some((job) => job.worker === undefined),
      from,
    ),
    [...before.keys()],
    [...before.values()].map(({ head }) => head.sequence),
    [...before.values()].map(({ head }) => head.hash),
    absent.map(({ subject }) => subject),
    absent.map(({ id }) => id),
    ...columnsOf(steps.flatMap(changedCard)),
    ...toldColumns(events),
  ];
}
