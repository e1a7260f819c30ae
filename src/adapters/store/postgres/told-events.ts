/** What happened across deliveries, on PostgreSQL: found by rows of few words, read from the chains. */
import type { Pool } from "pg";
import type { DeliveryEvent } from "../../../domain/event/event.ts";
import type { JournalEntry } from "../../../domain/journal/journal-entry.ts";
import type { ToldEvents, ToldQuery } from "../../../ports/told-events.ts";
import { createConditions } from "./conditions.ts";
import { releaseFacts } from "./release-facts.ts";

export function createToldEvents(pool: Pool): ToldEvents {
  return {
    events: (query) => events(pool, query),
    entries: (query) => entries(pool, query),
    releases: (query) => releaseFacts(pool, query),
  };
}

async function events(pool: Pool, query: ToldQuery): Promise<DeliveryEvent[]> {
  const { after } = query;
  const where = createConditions();
  where.add(query.tenantId, (at) => `t.tenant_id = ${at}`);
  where.add(query.actor, (at) => `t.actor = ${at}`);
  where.add(query.moduleId, (at) => `t.module_id = ${at}`);
  where.add(query.environment, (at) => `t.environment = ${at}`);
  where.add(query.releaseId, (at) => `t.release_id = ${at}`);
  where.add(query.from, (at) => `t.at >= ${at}::timestamptz`);
  where.add(query.to, (at) => `t.at < ${at}::timestamptz`);
  where.add(query.names, (at) => `t.name = any(${at}::text[])`);
  if (after?.kind === "entry") where.add(after.at, (at) => `t.at <= ${at}::timestamptz`);
  if (after?.kind === "event") {
    const [time, subject] = [where.value(after.at), where.value(after.subject)];
    where.add(
      after.sequence,
      (at) => `(t.at, t.subject, t.sequence) < (${time}::timestamptz, ${subject}, ${at})`,
    );
  }
  const { rows } = await pool.query<{ body: string }>(
    `with page as (
       select t.at, t.subject, t.sequence from connectsoft.told_events t where ${where.text()}
        order by t.at desc, t.subject desc, t.sequence desc limit ${where.value(query.limit)})
     select e.body from page p join connectsoft.events e on e.subject = p.subject and e.sequence = p.sequence
      order by p.at desc, p.subject desc, p.sequence desc`,
    where.values,
  );
  return rows.map(({ body }) => JSON.parse(body));
}

const place = (key: string) =>
  `coalesce(connectsoft.readable(j.body) #>> '{data,resource,${key}}', connectsoft.readable(j.body) #>> '{data,${key}}')`;

async function entries(pool: Pool, query: ToldQuery): Promise<JournalEntry[]> {
  const { after } = query;
  const where = createConditions();
  const time = "(connectsoft.readable(j.body) ->> 'time')";
  where.add(query.tenantId, (at) => `j.tenant_id = ${at}`);
  where.add(query.actor, (at) => `j.actor = ${at}`);
  where.add(query.acts, (at) => `j.act = any(${at}::text[])`);
  where.add(query.moduleId, (at) => `${place("moduleId")} = ${at}`);
  where.add(query.environment, (at) => `${place("environment")} = ${at}`);
  where.add(query.releaseId, (at) => `${place("releaseId")} = ${at}`);
  where.add(query.from && utc(query.from), (at) => `${time} >= ${at}`);
  where.add(query.to && utc(query.to), (at) => `${time} < ${at}`);
  if (after?.kind === "event") where.add(after.at, (at) => `${time} < ${at}`);
  if (after?.kind === "entry") {
    const moment = where.value(after.at);
    where.add(after.sequence, (at) => `(${time}, j.sequence) < (${moment}, ${at})`);
  }
  const { rows } = await pool.query<{ body: string }>(
    `select j.body from connectsoft.journal j where ${where.text()}
      order by ${time} desc, j.sequence desc limit ${where.value(query.limit)}`,
    where.values,
  );
  return rows.map(({ body }) => JSON.parse(body));
}

/** As the journal writes times. */
function utc(time: string): string {
  return new Date(time).toISOString();
}
