-- Tokens have an end, a reach and a name that may be shown; what is not said is without limit, as it was before.
alter table connectsoft.access_tokens
  add column token_id text generated always as ('tok-' || left(sha256, 16)) stored,
  add column issued_by text,
  -- Actions that it is good for, or the names of sets of them.
  add column scope text[],
  add column environments text[],
  add column expires_at timestamptz,
  add column last_used_at timestamptz,
  add column revoked_by text;
create unique index access_tokens_by_id on connectsoft.access_tokens (tenant_id, token_id);
