-- Configuration and secrets, append-only: the newest version of a name counts, a null value unsets it.
-- Old versions stay, so that a rollback gets the settings that its release ran with.
-- module_id '' is the environment's own value. Secrets are JWE compact; their plain text is nowhere here.
create schema if not exists connectsoft;

create table connectsoft.setting_versions (
  version_id text primary key,
  sequence bigint not null generated always as identity,
  tenant_id text not null,
  environment text not null,
  module_id text not null,
  kind text not null check (kind in ('config', 'secret')),
  name text not null,
  value text,
  set_at timestamptz not null default now()
);
create unique index setting_versions_newest
  on connectsoft.setting_versions (tenant_id, environment, kind, module_id, name, sequence desc);
