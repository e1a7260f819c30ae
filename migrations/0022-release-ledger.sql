-- Release numbers, a gapless sequence per tenant, and what was deployed where: facts, never changed.
create schema if not exists connectsoft;

create table connectsoft.release_counters (
  tenant_id text primary key,
  last_number bigint not null
);

create table connectsoft.releases (
  tenant_id text not null,
  release_id text not null,
  invocation_id text not null,
  environment text not null,
  module_id text not null,
  version text not null,
  allocated_at timestamptz not null default now(),
  primary key (tenant_id, release_id),
  unique (tenant_id, invocation_id)
);

create table connectsoft.deployment_facts (
  sequence bigint primary key generated always as identity,
  tenant_id text not null,
  environment text not null,
  module_id text not null,
  release_id text not null,
  outcome text not null,
  invocation_id text not null,
  entry text not null,
  unique (tenant_id, release_id, outcome, invocation_id)
);
create index deployment_facts_by_place
  on connectsoft.deployment_facts (tenant_id, environment, module_id, sequence);

create table connectsoft.held_versions (
  sequence bigint primary key generated always as identity,
  tenant_id text not null,
  environment text not null,
  module_id text not null,
  version text not null,
  release_id text not null,
  reason text not null,
  held_at timestamptz not null,
  unique (tenant_id, release_id, version)
);
