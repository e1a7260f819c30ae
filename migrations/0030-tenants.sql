-- Tenants as they were declared: every version is kept, the highest one holds.
create schema if not exists connectsoft;

create table connectsoft.tenants (
  tenant_id text not null,
  version integer not null,
  digest text not null,
  text text not null,
  declared_by text not null,
  declared_at timestamptz not null default now(),
  primary key (tenant_id, version)
);
