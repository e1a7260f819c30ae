-- Campaigns that bring the generated files of many modules up to date, and one item a module.
create schema if not exists connectsoft;

create table connectsoft.fleet_campaigns (
  tenant_id text not null,
  -- Also the trace of every upgrade that it starts.
  campaign_id text not null,
  reason text not null,
  status text not null,
  at_once integer not null,
  per_hour integer not null,
  created_by text not null,
  created_at timestamptz not null,
  primary key (tenant_id, campaign_id)
);
create index fleet_campaigns_at_work on connectsoft.fleet_campaigns (status);

create table connectsoft.fleet_items (
  tenant_id text not null,
  campaign_id text not null,
  module_id text not null,
  -- The host that holds the module's repository: only it can plan and start.
  host text not null,
  status text not null,
  -- Paths with what would happen to each, as JSON text.
  files text not null default '[]',
  detail text not null default '',
  started_at timestamptz,
  primary key (tenant_id, campaign_id, module_id),
  foreign key (tenant_id, campaign_id) references connectsoft.fleet_campaigns (tenant_id, campaign_id)
);
