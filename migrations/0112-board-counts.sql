-- How many there are in each state is counted by the index alone; it is small, since equal keys share an entry.
create index delivery_cards_in_states on connectsoft.delivery_cards (tenant_id, state);
