-- Keys that tenants sign with. The private part is sealed, and erased when the key is retired; the public part stays.
create table connectsoft.signing_keys (
  tenant_id text not null,
  key_id text not null,
  public_key text not null,
  private_key text,
  made_at timestamptz not null,
  retired_at timestamptz,
  primary key (tenant_id, key_id)
);
create unique index signing_keys_present on connectsoft.signing_keys (tenant_id) where retired_at is null;

-- The log of each tenant: where its chains ended when a checkpoint was made, in the order of the leaves of its
-- Merkle tree. `chain` is the subject of a delivery, or `journal`.
create table connectsoft.log_leaves (
  tenant_id text not null,
  position bigint not null,
  chain text not null,
  sequence bigint not null,
  hash text not null,
  primary key (tenant_id, position)
);
create unique index log_leaves_by_chain on connectsoft.log_leaves (tenant_id, chain, sequence);

-- `frontier` holds the roots of the full subtrees, the largest first, from which the tree goes on.
create table connectsoft.log_checkpoints (
  tenant_id text not null,
  size bigint not null,
  root text not null,
  frontier text[] not null,
  note text not null,
  made_at timestamptz not null,
  primary key (tenant_id, size)
);

-- How far each place has published: what it has lost since was cut off.
create table connectsoft.log_publications (
  tenant_id text not null,
  place text not null,
  size bigint not null,
  primary key (tenant_id, place)
);
