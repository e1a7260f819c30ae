-- What programs outside call when something happened there. The secret that they prove themselves with is sealed.
create table connectsoft.hooks (
  tenant_id text not null,
  hook_id text not null,
  spec jsonb not null,
  secret text not null,
  made_at timestamptz not null,
  made_by text not null,
  changed_at timestamptz not null,
  changed_by text not null,
  primary key (tenant_id, hook_id)
);

-- What came, by the id that its sender gave it: what comes again is known. `wish`: what is to be done, until it is.
-- `due_at` of one that is being done: when it is done again by whoever finds that nobody has said how it went.
create table connectsoft.hook_receipts (
  tenant_id text not null,
  hook_id text not null,
  receipt_id text not null,
  -- Of bytes whose signature says nothing of an id or a time.
  body_sha256 text,
  event text not null,
  state text not null check (state in ('waiting', 'done', 'ignored', 'refused')),
  wish text,
  attempts integer not null default 0,
  due_at timestamptz not null,
  received_at timestamptz not null,
  ended_at timestamptz,
  answer text not null,
  primary key (tenant_id, hook_id, receipt_id),
  foreign key (tenant_id, hook_id) references connectsoft.hooks on delete cascade
);
create unique index hook_receipts_by_body on connectsoft.hook_receipts (tenant_id, hook_id, body_sha256)
  where body_sha256 is not null;
create index hook_receipts_due on connectsoft.hook_receipts (due_at) where state = 'waiting';
create index hook_receipts_by_age on connectsoft.hook_receipts (tenant_id, hook_id, received_at desc);
