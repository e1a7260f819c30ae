-- Which tenant and environment a namespace belongs to, for good, and what each module has in it.
create schema if not exists connectsoft;

create table connectsoft.namespaces (
  namespace text primary key,
  tenant_id text not null,
  environment text not null,
  allocated_at timestamptz not null default now(),
  unique (tenant_id, environment)
);

create table connectsoft.namespace_modules (
  namespace text not null references connectsoft.namespaces (namespace),
  module_id text not null,
  hosts text[] not null,
  storage text not null,
  edition_id text,
  -- The plan that made it what it is: applying that one again finds its work done.
  plan_digest text not null,
  applied_at timestamptz not null,
  primary key (namespace, module_id)
);
