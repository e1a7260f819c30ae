-- The journal of each tenant: a chain of what was done, or refused, beside the chains of deliveries.
create table connectsoft.journal (
  tenant_id text not null,
  sequence bigint not null,
  act text not null,
  actor text not null,
  body text not null,
  primary key (tenant_id, sequence)
);

-- Where each chain ends: the row that writers lock.
create table connectsoft.journal_heads (
  tenant_id text primary key,
  sequence bigint not null,
  hash text not null
);
