-- Sealed copies of secrets that releases got from a vault which keeps the newest version only: for rollbacks, and to keep
-- the values out of logs. One copy of each version, however many releases have it; kept_at: when the last of them got it.
create table connectsoft.secret_copies (
  tenant_id text not null,
  environment text not null,
  module_id text not null,
  name text not null,
  version_id text not null,
  value text not null,
  kept_at timestamptz not null default now(),
  primary key (tenant_id, environment, module_id, name, version_id)
);
