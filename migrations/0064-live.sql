-- Deliveries of a trace; a release by its number; and what is wrong with a live release, for as long as it is.
create index deliveries_by_trace on connectsoft.deliveries (tenant_id, trace_id);

create index deployment_facts_by_release on connectsoft.deployment_facts (module_id, release_id);

create table connectsoft.live_incidents (
  tenant_id text not null,
  release_id text not null,
  since timestamptz not null,
  reasons text not null,
  primary key (tenant_id, release_id)
);
