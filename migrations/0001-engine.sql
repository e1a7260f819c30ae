-- Deliveries, their chains, memory, jobs and timers. Ids are made by the program; times are UTC.
create schema if not exists connectsoft;

create table connectsoft.deliveries (
  subject text primary key,
  tenant_id text not null,
  trace_id text not null,
  module_id text not null,
  phase text not null,
  sequence bigint not null,
  hash text not null,
  hand_over text,
  state text not null,
  active text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
) with (fillfactor = 70);
create index deliveries_by_module on connectsoft.deliveries (tenant_id, module_id, created_at desc);
create index deliveries_by_age on connectsoft.deliveries (created_at desc);

create table connectsoft.events (
  subject text not null,
  sequence bigint not null,
  event_id text not null,
  name text not null,
  body text not null,
  primary key (subject, sequence)
);
create unique index events_by_id on connectsoft.events (subject, event_id);
create index events_by_release on connectsoft.events ((body::jsonb -> 'data' ->> 'releaseId'))
  where name = 'ReleaseProposed';

create table connectsoft.artifacts (
  tenant_id text not null,
  path text not null,
  version integer not null,
  trace_id text not null,
  module_id text not null,
  kind text not null,
  name text not null,
  sha256 text not null,
  content text not null,
  agent_id text not null,
  skill_id text not null,
  invocation_id text not null,
  written_at timestamptz not null,
  primary key (tenant_id, path, version)
);
create index artifacts_by_trace on connectsoft.artifacts (tenant_id, trace_id);

-- One row for each open invocation. due_at 'infinity': it waits to be woken by an event.
create table connectsoft.jobs (
  invocation_id text primary key,
  subject text not null,
  attempt integer not null,
  agent_id text not null,
  queue text not null,
  due_at timestamptz not null,
  worker_id bigint
) with (fillfactor = 70);
create index jobs_due on connectsoft.jobs (due_at) where worker_id is null;
create index jobs_by_worker on connectsoft.jobs (worker_id) where worker_id is not null;

create table connectsoft.timers (
  subject text not null,
  timer text not null,
  due_at timestamptz not null,
  primary key (subject, timer)
);
create index timers_due on connectsoft.timers (due_at);

-- A worker is alive while its session holds the advisory lock (731, worker_id).
create table connectsoft.workers (
  worker_id bigint generated always as identity primary key,
  host text not null,
  pid integer not null,
  queues text not null,
  enlisted_at timestamptz not null default now()
);

create table connectsoft.flows (
  digest text primary key,
  name text not null,
  text text not null,
  saved_at timestamptz not null default now()
);

create table connectsoft.trace_numbers (
  tenant_id text not null,
  day text not null,
  last integer not null,
  primary key (tenant_id, day)
);
