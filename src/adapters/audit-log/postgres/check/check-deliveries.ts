/** Each delivery of a tenant: its chain, its rows, its leaves, its artifacts; and none that is missing or too many. */
import { type ChainHead, type DeliveryEvent, genesis, verifyChain } from "../../../../domain/event/event.ts";
import { eventTypePrefix } from "../../../../domain/event/event-name.ts";
import type { AuditFinding } from "../../../../ports/audit-log.ts";
import { checkArtifacts } from "./check-artifacts.ts";
import type { CheckPlace } from "./check-place.ts";

interface DeliveryRow {
  subject: string;
  sequence: string;
  hash: string;
}

const pageSize = 2_000;

export async function checkDeliveries(place: CheckPlace): Promise<AuditFinding | undefined> {
  const { client, tenantId } = place;
  const stray = await strayChain(place);
  if (stray !== undefined) return stray;
  for (let after = ""; ; ) {
    const { rows } = await client.query<DeliveryRow>(
      `select d.subject, d.sequence, d.hash from connectsoft.deliveries d
       where d.tenant_id = $1 and d.subject > $2 order by d.subject limit 500`,
      [tenantId, after],
    );
    if (rows.length === 0) return undefined;
    for (const row of rows) {
      const finding = await checkDelivery(place, row);
      if (finding !== undefined) return finding;
      after = row.subject;
    }
  }
}

/** Events without a delivery, and leaves of a delivery that is gone. */
async function strayChain({ client, tenantId }: CheckPlace): Promise<AuditFinding | undefined> {
  const { rows } = await client.query<{ chain: string; events: string }>(
    `select s.chain, count(e.sequence) as events
     from (
       select l.chain from connectsoft.log_leaves l where l.tenant_id = $1 and l.chain <> 'journal'
       union select e.subject from connectsoft.events e where e.subject like $1 || '/%'
     ) s (chain)
     left join connectsoft.events e on e.subject = s.chain
     where not exists (select 1 from connectsoft.deliveries d where d.subject = s.chain and d.tenant_id = $1)
     group by s.chain order by s.chain limit 1`,
    [tenantId],
  );
  if (rows[0] === undefined) return undefined;
  const { chain, events } = rows[0];
  return {
    where: `delivery ${chain}`,
    problem:
      Number(events) === 0
        ? "was deleted: a checkpoint covers it and the database has nothing of it"
        : `has ${events} events on record and is itself not there: it was deleted, or they were put there`,
  };
}

async function checkDelivery(place: CheckPlace, row: DeliveryRow): Promise<AuditFinding | undefined> {
  const { subject } = row;
  const where = `delivery ${subject}`;
  const leaves = await leavesOf(place, subject);
  const covered = Math.max(0, ...leaves.keys());
  const end = { sequence: Number(row.sequence), hash: row.hash };
  let head: ChainHead = genesis;
  const written: DeliveryEvent[] = [];
  for await (const events of pagesOf(place, subject)) {
    for (const { event, problem } of events)
      if (problem !== undefined) return { where: `${where}, event ${event.sequence}`, problem };
    const chain = events.map(({ event }) => event).filter(({ sequence }) => sequence <= end.sequence);
    const verdict = verifyChain(chain, head);
    if (!verdict.intact) return { where: `${where}, event ${verdict.sequence}`, problem: verdict.problem };
    head = verdict.head;
    place.tally.events += chain.length;
    for (const { sequence, hash } of chain) {
      const logged = leaves.get(sequence);
      if (logged !== undefined && logged !== hash)
        return { where: `${where}, event ${sequence}`, problem: "is not the one that a checkpoint covers" };
      leaves.delete(sequence);
    }
    written.push(...chain.filter(({ type }) => type === `${eventTypePrefix}ArtifactWritten`));
    const injected = events.find(({ event }) => event.sequence > end.sequence);
    if (injected !== undefined)
      return {
        where: `${where}, event ${injected.event.sequence}`,
        problem: `stands after the end of the chain, which is event ${end.sequence}: it was put there`,
      };
  }
  if (head.sequence !== end.sequence || head.hash !== end.hash)
    return { where, problem: `ends at event ${head.sequence}, and should at event ${end.sequence}` };
  const [lost] = leaves.keys();
  if (lost !== undefined)
    return { where: `${where}, event ${lost}`, problem: "is gone: a checkpoint covers it" };
  place.tally.deliveries += 1;
  place.tally.uncovered += head.sequence - covered;
  return await checkArtifacts(place, subject, written);
}

async function leavesOf({ client, tenantId }: CheckPlace, subject: string): Promise<Map<number, string>> {
  const { rows } = await client.query<{ sequence: string; hash: string }>(
    `select l.sequence, l.hash from connectsoft.log_leaves l where l.tenant_id = $1 and l.chain = $2
     order by l.sequence`,
    [tenantId, subject],
  );
  return new Map(rows.map(({ sequence, hash }) => [Number(sequence), hash]));
}

async function* pagesOf({ client }: CheckPlace, subject: string) {
  for (let after = 0; ; ) {
    const { rows } = await client.query<{
      sequence: string;
      event_id: string;
      name: string;
      body: string;
    }>(
      `select e.sequence, e.event_id, e.name, e.body from connectsoft.events e
       where e.subject = $1 and e.sequence > $2 order by e.sequence limit $3`,
      [subject, after, pageSize],
    );
    if (rows.length === 0) return;
    yield rows.map((row) => {
      const event = readEvent(row.body, Number(row.sequence));
      const fits =
        event.sequence === Number(row.sequence) &&
        event.id === row.event_id &&
        event.subject === subject &&
        event.type === eventTypePrefix + row.name;
      return { event, problem: fits ? undefined : "does not fit the columns of its row: one was changed" };
    });
    after = Number(rows.at(-1)?.sequence);
  }
}

/** Text that is no event any more fits no row. */
function readEvent(body: string, sequence: number): DeliveryEvent {
  try {
    return JSON.parse(body);
  } catch {
    return { sequence } as DeliveryEvent;
  }
}
