-- Entries of the journal by what was done: the freezes of a tenant are read from there.
create index journal_by_act on connectsoft.journal (tenant_id, act, sequence);

-- The newest time that was told of a tenant, by its journal and by its verdicts: a clock that is turned back reopens nothing.
alter table connectsoft.journal_heads add column newest timestamptz;
create table connectsoft.newest_times (
  tenant_id text primary key,
  newest timestamptz not null
);
