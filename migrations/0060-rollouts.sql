-- A rollout under way: who rolls out at a place, what it was dispatched with, and the migrations that a release ran.
create table connectsoft.rollout_leases (
  tenant_id text not null,
  environment text not null,
  module_id text not null,
  release_id text not null,
  trace_id text not null,
  invocation_id text not null,
  expires_at timestamptz not null,
  primary key (tenant_id, environment, module_id)
);

create table connectsoft.dispatched_releases (
  sequence bigint primary key generated always as identity,
  tenant_id text not null,
  environment text not null,
  module_id text not null,
  release_id text not null,
  invocation_id text not null,
  spec text not null,
  dispatched_at timestamptz not null default now(),
  unique (tenant_id, invocation_id)
);
create index dispatched_releases_by_release
  on connectsoft.dispatched_releases (tenant_id, release_id, sequence);

create table connectsoft.release_migrations (
  tenant_id text not null,
  release_id text not null,
  phase text not null,
  record text not null,
  primary key (tenant_id, release_id, phase)
);
