-- What was answered to requests that carry an Idempotency-Key, so that the same request is done once. Kept for a day.
create table connectsoft.idempotent_answers (
  tenant_id text not null,
  person text not null,
  operation text not null,
  key text not null,
  -- Of what was asked: another request with the same key is a mistake.
  request text not null,
  began_at timestamptz not null,
  -- Null while it is being done; a status without a body: it was done, and what it answered is shown once.
  status integer,
  body text,
  primary key (tenant_id, person, operation, key)
);
create index idempotent_answers_by_age on connectsoft.idempotent_answers (began_at);
