/** Makes the cards of deliveries that have none: of before there were cards, or brought back by a restored backup. */
import type { Pool } from "pg";
import { cardRow, columnsOf } from "./card-rows.ts";
import { type DeliveryRow, rowToRecord } from "./rows.ts";

const atOnce = 500;

export async function fillCards(pool: Pool): Promise<void> {
  for (;;) {
    const { rows } = await pool.query<DeliveryRow>(
      `select d.subject, d.sequence, d.hash, d.hand_over, d.state from connectsoft.deliveries d
       where d.sequence > 0 and not exists (select from connectsoft.delivery_cards c where c.subject = d.subject)
       limit $1`,
      [atOnce],
    );
    if (rows.length === 0) return;
    // A card that a step has written since is newer than what was read here.
    await pool.query(
      `insert into connectsoft.delivery_cards
         (subject, tenant_id, trace_id, module_id, version, sponsor, state, places, search, created_at)
       select c.subject, d.tenant_id, d.trace_id, d.module_id, c.version, c.sponsor, c.state,
              string_to_array(c.places, ' '), c.search, d.created_at
         from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
              as c (subject, version, sponsor, state, places, search)
         join connectsoft.deliveries d on d.subject = c.subject
       on conflict (subject) do nothing`,
      columnsOf(rows.map((row) => cardRow(rowToRecord(row)))),
    );
  }
}
