/** The facts of a place in the order in which they were recorded; places that are asked for at once are one question. */
import type { Pool } from "pg";
import { askTogether } from "../../../domain/ask-together.ts";
import type { LedgerEntry, Place, ReleaseLedger } from "../../../ports/release-ledger.ts";

interface Row {
  place: string;
  entry: string;
}

export function createHistory(pool: Pool): ReleaseLedger["history"] {
  const factsOf = askTogether(async (places: string[]) => {
    const { rows } = await pool.query<Row>({
      name: "deployment-facts",
      text: `select asked.place, f.entry
             from unnest($1::text[]) as asked (place)
             join connectsoft.deployment_facts f
               on f.tenant_id = split_part(asked.place, '/', 1) and f.environment = split_part(asked.place, '/', 2)
              and f.module_id = split_part(asked.place, '/', 3)
             order by f.sequence`,
      values: [places],
    });
    return Map.groupBy(rows, ({ place }) => place);
  });

  return async ({ tenantId, environment, moduleId }: Place) => {
    const place = [tenantId, environment, moduleId].join("/");
    const rows = (await factsOf(place)).get(place) ?? [];
    return rows.map(({ entry }) => JSON.parse(entry) as LedgerEntry);
  };
}
