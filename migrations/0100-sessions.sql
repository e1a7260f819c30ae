-- Sessions of people in a browser. Only the SHA-256 of what the browser holds is kept.
create table connectsoft.sessions (
  sha256 text primary key,
  session_id text generated always as ('ses-' || left(sha256, 16)) stored,
  tenant_id text not null,
  person text not null,
  -- What it was begun with, and ends with: an access token, or what a provider said.
  origin jsonb not null,
  -- The browser, in its own words.
  agent text not null,
  began_at timestamptz not null,
  last_used_at timestamptz not null,
  ends_at timestamptz not null,
  ended_at timestamptz,
  ended_by text
);
create unique index sessions_by_id on connectsoft.sessions (tenant_id, session_id);
create index sessions_by_end on connectsoft.sessions (ends_at);

-- Links that sign a person in once.
create table connectsoft.sign_in_links (
  sha256 text primary key,
  tenant_id text not null,
  person text not null,
  origin jsonb not null,
  ends_at timestamptz not null
);
