-- What a board finds deliveries by, beside the wide rows that they are kept in. A projection: it is written in the step
-- that changes it, and filled from the deliveries where it is not there yet.
create table connectsoft.delivery_cards (
  subject text primary key,
  tenant_id text not null,
  trace_id text not null,
  module_id text not null,
  version text not null,
  sponsor text not null,
  state text not null,
  -- `production` and `production=live` for each environment that it has come to.
  places text[] not null,
  -- Trace, module, version and sponsor in lower case.
  search text not null,
  created_at timestamptz not null
) with (fillfactor = 80);
create index delivery_cards_by_age on connectsoft.delivery_cards (tenant_id, created_at desc, subject desc);
create index delivery_cards_by_state on connectsoft.delivery_cards (tenant_id, state, created_at desc, subject desc);
create index delivery_cards_by_module on connectsoft.delivery_cards (tenant_id, module_id, created_at desc, subject desc);
create index delivery_cards_by_sponsor on connectsoft.delivery_cards (tenant_id, sponsor, created_at desc, subject desc);
