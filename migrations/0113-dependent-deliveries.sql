-- Few deliveries wait for another module, and they are looked for every few seconds. What the predicate reads of a row
-- hardly ever changes, so an update of another column stays within its page.
create index deliveries_dependent on connectsoft.deliveries (created_at desc, subject)
  where phase = 'open' and hand_over like '%"dependsOn":["%';
