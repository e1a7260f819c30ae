-- Who outside is told of what, beside those that tenant.yaml names. Each is a target as those are, by the id
-- `subscription/<subscription_id>`. Secrets are sealed; the one before signs too until `previous_until`.
create table connectsoft.subscriptions (
  tenant_id text not null,
  subscription_id text not null,
  spec jsonb not null,
  secret text not null,
  previous_secret text,
  previous_until timestamptz,
  made_at timestamptz not null,
  made_by text not null,
  changed_at timestamptz not null,
  changed_by text not null,
  primary key (tenant_id, subscription_id)
);

-- Each attempt to tell a target of something, and what it answered.
create table connectsoft.notification_attempts (
  attempt_id bigint generated always as identity primary key,
  tenant_id text not null,
  notification_id text not null references connectsoft.notifications on delete cascade,
  at timestamptz not null,
  took_ms integer not null,
  arrived boolean not null,
  answer text not null
);
create index notification_attempts_of on connectsoft.notification_attempts (notification_id, attempt_id);
