-- The transaction that wrote an event, which orders the events of all deliveries: null where it was written before this was kept.
alter table connectsoft.events add column xid xid8;
alter table connectsoft.events alter column xid set default pg_current_xact_id();
create index events_by_commit on connectsoft.events (xid, subject, sequence) where xid is not null;
