-- Who votes in whose place, for how long. What was made stays; what is taken back says when and by whom.
create table connectsoft.delegations (
  tenant_id text not null,
  delegation_id text not null,
  from_person text not null,
  to_person text not null,
  role text not null,
  reason text not null,
  begins timestamptz not null,
  ends timestamptz not null,
  made_at timestamptz not null,
  ended_at timestamptz,
  ended_by text,
  primary key (tenant_id, delegation_id)
);
