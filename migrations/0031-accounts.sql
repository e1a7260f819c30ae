-- Access tokens of people. Only the SHA-256 of a token is kept.
create schema if not exists connectsoft;

create table connectsoft.access_tokens (
  sha256 text primary key,
  tenant_id text not null,
  person text not null,
  label text not null,
  issued_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index access_tokens_by_person on connectsoft.access_tokens (tenant_id, person);
