/** The board on PostgreSQL: finds by cards, and reads records and chains of what is on the page alone. */
import type { Pool } from "pg";
import type { StateWord } from "../../../domain/delivery/state-words.ts";
import type { DeliveryEvent } from "../../../domain/event/event.ts";
import { type Subject, subjectKey } from "../../../domain/scope.ts";
import type { BoardFilter, BoardQuery, BoardRow, DeliveryBoard } from "../../../ports/delivery-board.ts";
import { type Conditions, createConditions } from "./conditions.ts";
import { keepChains } from "./keep-chains.ts";
import { ofTeam } from "./of-team.ts";
import { type DeliveryRow, iso, rowToRecord, splitKey } from "./rows.ts";

export function createDeliveryBoard(pool: Pool): DeliveryBoard {
  return {
    search: (query) => search(pool, query),
    counts: (filter) => counts(pool, filter),
    read: (subjects) => read(pool, subjects),
    events: keepChains((wanted) => events(pool, wanted)),
    modules: (query) => modules(pool, query),
    newest: (query) => newest(pool, query),
  };
}

async function search(pool: Pool, query: BoardQuery): Promise<BoardRow[]> {
  const { after } = query;
  const where = conditionsOf(query);
  if (after !== undefined) {
    const time = where.value(after.createdAt);
    where.add(after.subject, (at) => `(c.created_at, c.subject) < (${time}::timestamptz, ${at})`);
  }
  const { rows } = await pool.query<PlacedRow>(
    `with page as (
       select c.subject, c.created_at from connectsoft.delivery_cards c where ${where.text()}
        order by c.created_at desc, c.subject desc limit ${where.value(query.limit)})
     select d.subject, d.sequence, d.hash, d.hand_over, d.state, d.updated_at, ${placeText("p")} as place
       from page p join connectsoft.deliveries d on d.subject = p.subject
      order by p.created_at desc, p.subject desc`,
    where.values,
  );
  return rows.map(boardRow);
}

interface PlacedRow extends DeliveryRow {
  place: string;
  updated_at: Date;
}

function boardRow(row: PlacedRow): BoardRow {
  return { record: rowToRecord(row), createdAt: row.place, updatedAt: iso(row.updated_at) };
}

/** When it was handed over, to the microsecond. */
function placeText(table: string): string {
  return `to_char(${table}.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

async function read(pool: Pool, subjects: readonly Subject[]): Promise<BoardRow[]> {
  const { rows } = await pool.query<PlacedRow>(
    `select d.subject, d.sequence, d.hash, d.hand_over, d.state, d.updated_at, ${placeText("d")} as place
       from connectsoft.deliveries d where d.subject = any($1::text[])`,
    [subjects.map(subjectKey)],
  );
  return rows.map(boardRow);
}

/** From name to name by the index: deliveries of a module are not read. */
async function modules(
  pool: Pool,
  { tenantId, after, words, limit }: Parameters<DeliveryBoard["modules"]>[0],
): Promise<string[]> {
  const { rows } = await pool.query<{ module_id: string }>(
    `with recursive m as (
       (select c.module_id from connectsoft.delivery_cards c
         where c.tenant_id = $1 and c.module_id > $2 order by c.module_id limit 1)
       union all
       select (select c.module_id from connectsoft.delivery_cards c
                where c.tenant_id = $1 and c.module_id > m.module_id order by c.module_id limit 1)
         from m where m.module_id is not null)
     select m.module_id from m where m.module_id is not null and m.module_id like all($3::text[]) limit $4`,
    [tenantId, after ?? "", (words ?? []).map((word) => `%${literal(word.toLowerCase())}%`), limit],
  );
  return rows.map((row) => row.module_id);
}

async function newest(
  pool: Pool,
  { tenantId, moduleIds, states, limit }: Parameters<DeliveryBoard["newest"]>[0],
): Promise<Subject[]> {
  const { rows } = await pool.query<{ subject: string }>(
    `select found.subject from unnest($2::text[]) as m (module_id) cross join lateral (
       select c.subject from connectsoft.delivery_cards c
        where c.tenant_id = $1 and c.module_id = m.module_id and c.state = any($3::text[])
        order by c.created_at desc, c.subject desc limit $4) found`,
    [tenantId, moduleIds, states, limit],
  );
  return rows.map((row) => splitKey(row.subject));
}

async function events(
  pool: Pool,
  wanted: Parameters<DeliveryBoard["events"]>[0],
): Promise<Map<string, DeliveryEvent[]>> {
  const { rows } = await pool.query<{ subject: string; body: string }>({
    name: "board-events",
    text: `select e.subject, e.body
             from unnest($1::text[], $2::text[]) as w (subject, names)
             join connectsoft.events e on e.subject = w.subject and e.name = any(string_to_array(w.names, ','))
            order by e.subject, e.sequence`,
    values: [wanted.map(({ subject }) => subjectKey(subject)), wanted.map(({ names }) => names.join(","))],
  });
  const chains = new Map<string, DeliveryEvent[]>(wanted.map(({ subject }) => [subjectKey(subject), []]));
  for (const { subject, body } of rows) chains.get(subject)?.push(JSON.parse(body));
  return chains;
}

async function counts(pool: Pool, filter: BoardFilter): Promise<Partial<Record<StateWord, number>>> {
  const { environment } = filter;
  const { states: _, ...rest } = filter;
  const where = conditionsOf(rest);
  // In an environment it is what the delivery is there that counts.
  const { rows } = await pool.query<{ state: StateWord; count: number }>(
    environment === undefined
      ? `select c.state, count(*)::int as count from connectsoft.delivery_cards c where ${where.text()} group by 1`
      : `select split_part(c.places[array_position(c.places, ${where.value(environment)}) + 1], '=', 2) as state,
                count(*)::int as count
           from connectsoft.delivery_cards c where ${where.text()} group by 1`,
    where.values,
  );
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}

function conditionsOf(filter: BoardFilter): Conditions {
  const where = createConditions();
  const { tenantId, words, states, environment, moduleId, traceId, sponsor, team, from, to } = filter;
  where.add(tenantId, (at) => `c.tenant_id = ${at}`);
  where.add(moduleId, (at) => `c.module_id = ${at}`);
  where.add(traceId, (at) => `c.trace_id = ${at}`);
  where.add(sponsor, (at) => `c.sponsor = ${at}`);
  if (team !== undefined) where.addPart(ofTeam(where, team));
  where.add(from, (at) => `c.created_at >= ${at}::timestamptz`);
  where.add(to, (at) => `c.created_at < ${at}::timestamptz`);
  if (environment === undefined) where.add(states, (at) => `c.state = any(${at}::text[])`);
  else {
    const tokens = states?.map((state) => `${environment}=${state}`) ?? [environment];
    where.add(tokens, (at) => `c.places && ${at}::text[]`);
  }
  for (const word of words ?? [])
    where.add(`%${literal(word.toLowerCase())}%`, (at) => `c.search like ${at}`);
  return where;
}

/** What LIKE would take for more than itself. */
function literal(word: string): string {
  return word.replaceAll(/[\\%_]/g, "\\$&");
}
