/** Everything that a batch of steps changes, in one statement: one round trip, whatever the size of the batch. */
import type { PoolClient } from "pg";
import { eventName } from "../../../domain/event/event.ts";
import { subjectKey } from "../../../domain/scope.ts";
import { timerChanges } from "../project-jobs.ts";
import { activeStates } from "../summary.ts";
import { noticeChannel, noticesOf } from "./notices.ts";
import type { WrittenStep } from "./written-step.ts";

export async function writeSteps(
  client: PoolClient,
  steps: WrittenStep[],
  options: { now: string; from: string; unborn: string[] },
): Promise<void> {
  if (options.unborn.length > 0)
    await client.query("delete from connectsoft.deliveries d where d.subject = any($1::text[])", [
      options.unborn,
    ]);
  if (steps.length === 0) return;
  await client.query({ name: "write-steps", text: statement, values: values(steps, options) });
}

const statement = `
with
  recorded as (
    update connectsoft.deliveries d
       set phase = s.phase, sequence = s.sequence, hash = s.hash, state = s.state, active = s.active,
           hand_over = coalesce(d.hand_over, s.hand_over), updated_at = $1
      from unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[])
           as s (subject, phase, sequence, hash, state, active, hand_over)
     where d.subject = s.subject),
  appended as (
    insert into connectsoft.events (subject, sequence, event_id, name, body)
    select * from unnest($9::text[], $10::bigint[], $11::text[], $12::text[], $13::text[])),
  kept as (
    insert into connectsoft.artifacts
      (tenant_id, trace_id, module_id, path, version, kind, name, sha256, content, agent_id, skill_id, invocation_id, written_at)
    select a.*, $1 from unnest($14::text[], $15::text[], $16::text[], $17::text[], $18::int[], $19::text[], $20::text[],
      $21::text[], $22::text[], $23::text[], $24::text[], $25::text[]) as a),
  closed as (delete from connectsoft.jobs j where j.invocation_id = any($26::text[])),
  opened as (
    insert into connectsoft.jobs (invocation_id, subject, attempt, agent_id, queue, due_at, worker_id)
    select * from unnest($27::text[], $28::text[], $29::int[], $30::text[], $31::text[], $32::timestamptz[], $33::bigint[])
    on conflict (invocation_id) do update
      set attempt = excluded.attempt, due_at = excluded.due_at, worker_id = excluded.worker_id),
  stopped as (
    delete from connectsoft.timers t using unnest($34::text[], $35::text[]) as s (subject, timer)
     where t.subject = s.subject and t.timer = s.timer),
  started as (
    insert into connectsoft.timers (subject, timer, due_at)
    select * from unnest($36::text[], $37::text[], $38::timestamptz[])
    on conflict (subject, timer) do update set due_at = excluded.due_at)
select pg_notify('${noticeChannel}', notice) from unnest($39::text[]) as n (notice)`;

function values(steps: WrittenStep[], { now, from }: { now: string; from: string }): unknown[] {
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
    records.map((record) => JSON.stringify(record.state)),
    records.map((record) => JSON.stringify(activeStates(record.state))),
    steps.map(({ before, after }) =>
      before.handOver === after.handOver ? null : JSON.stringify(after.handOver),
    ),
    events.map((event) => event.subject),
    events.map((event) => event.sequence),
    events.map((event) => event.id),
    events.map(eventName),
    events.map((event) => JSON.stringify(event)),
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
  ];
}
