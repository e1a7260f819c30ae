-- What a tenant's provider said last of who signed in: the groups that tenant.yaml mapped then, for votes and deliveries
-- that are weighed when nobody is signed in.
create table connectsoft.sign_ins (
  tenant_id text not null,
  person text not null,
  issuer text not null,
  groups text[] not null,
  -- When the provider said so.
  said_at timestamptz not null,
  primary key (tenant_id, person)
);
