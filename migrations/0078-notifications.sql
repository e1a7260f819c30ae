-- What tenant.yaml wants told. A target is told of events from `since` on; until `resume_at` nothing is sent to it.
create table connectsoft.notification_targets (
  tenant_id text not null,
  target_id text not null,
  since timestamptz not null,
  failures integer not null default 0,
  problem text,
  resume_at timestamptz not null default '-infinity',
  primary key (tenant_id, target_id)
);

-- Up to which event of each delivery's chain was looked at for a target.
create table connectsoft.notification_positions (
  tenant_id text not null,
  target_id text not null,
  subject text not null,
  sequence bigint not null,
  primary key (tenant_id, target_id, subject)
) with (fillfactor = 80);

-- One event for one target, under an id that is derived from both. `due_at` of one that is being sent: when it is
-- sent again by whoever finds that nobody has said how it went.
create table connectsoft.notifications (
  notification_id text primary key,
  tenant_id text not null,
  target_id text not null,
  subject text not null,
  sequence bigint not null,
  name text not null,
  state text not null check (state in ('waiting', 'sent', 'dead')),
  attempts integer not null default 0,
  due_at timestamptz not null,
  made_at timestamptz not null,
  ended_at timestamptz,
  problem text
) with (fillfactor = 80);
create index notifications_due on connectsoft.notifications (tenant_id, target_id, due_at) where state = 'waiting';
create index notifications_in_order on connectsoft.notifications (tenant_id, target_id, subject, sequence)
  where state = 'waiting';
create index notifications_by_age on connectsoft.notifications (tenant_id, made_at desc);
create index notifications_ended on connectsoft.notifications (ended_at) where state <> 'waiting';
