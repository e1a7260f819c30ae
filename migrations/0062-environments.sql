-- What an environment is made of, resource by resource, as it was applied; and what was found when it was last looked at.
-- module_id '' is the environment's own.
create table connectsoft.environment_resources (
  namespace text not null,
  module_id text not null,
  kind text not null,
  name text not null,
  spec jsonb not null,
  applied_at timestamptz not null default now(),
  found jsonb,
  looked_at timestamptz,
  primary key (namespace, module_id, kind, name)
);
-- A host name, or a path on a shared one, leads to one module only.
create unique index environment_resources_names on connectsoft.environment_resources (kind, name)
  where kind in ('host', 'path');

-- The plan that was applied last, or is being applied: its digest finishes it.
create table connectsoft.environment_plans (
  tenant_id text not null,
  environment text not null,
  module_id text not null,
  digest text not null,
  request jsonb not null,
  changes jsonb not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (tenant_id, environment, module_id)
);

alter table connectsoft.namespaces add column shared_host text;
alter table connectsoft.namespace_modules add column paths text[] not null default '{}';

-- One row, made once: which installation a DNS record belongs to.
create table connectsoft.installation (
  one boolean primary key default true check (one),
  installation_id text not null
);

-- What was allocated before goes on as it is.
insert into connectsoft.environment_resources (namespace, module_id, kind, name, spec)
  select n.namespace, '', 'namespace', n.namespace, '{}' from connectsoft.namespaces n;
insert into connectsoft.environment_resources (namespace, module_id, kind, name, spec, applied_at)
  select m.namespace, m.module_id, 'storage', m.storage, '{"mode": "0700"}', m.applied_at
  from connectsoft.namespace_modules m;
insert into connectsoft.environment_resources (namespace, module_id, kind, name, spec, applied_at)
  select m.namespace, m.module_id, 'host', h.host, '{}', m.applied_at
  from connectsoft.namespace_modules m, unnest(m.hosts) as h (host);
