-- Roots of whole subtrees of a tenant's log: of 16 leaves on level 1, of 256 on level 2, and so on. Proofs are made from
-- these instead of all leaves. They follow from the leaves: rows that are lost are made again with the next checkpoint.
create table connectsoft.log_nodes (
  tenant_id text not null,
  level smallint not null,
  position bigint not null,
  hash text not null,
  primary key (tenant_id, level, position)
);
