-- Environments that were destroyed, or are being: who, why, and what went.
create table connectsoft.environment_destructions (
  destruction_id text primary key,
  tenant_id text not null,
  environment text not null,
  namespace text not null,
  destroyed_by text not null,
  reason text not null,
  with_settings boolean not null,
  modules text[] not null,
  -- Nothing served, or that was said not to matter: from here on it is carried out.
  confirmed boolean not null default false,
  removed jsonb not null default '[]',
  began_at timestamptz not null default now(),
  ended_at timestamptz
);
-- One at a time; the next one begins when it has ended.
create unique index environment_destructions_open on connectsoft.environment_destructions (tenant_id, environment)
  where ended_at is null;
