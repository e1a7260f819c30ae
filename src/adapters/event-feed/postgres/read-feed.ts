/**
 * Reads events in the order of the transactions that wrote them. Transactions end in another order than they begin: an
 * event counts as settled only when every transaction before its own has ended, so that nothing appears behind a reader.
 */
import type { Pool } from "pg";
import type { DeliveryPhase } from "../../../domain/delivery/delivery-state.ts";
import type { DeliveryEvent } from "../../../domain/event/event.ts";
import type { EventName } from "../../../domain/event/event-catalogue.ts";
import type { FeedEvent } from "../../../ports/event-feed.ts";

/** Behind this event; `subject` empty: before all of its transaction. */
export interface Cursor {
  xid: bigint;
  subject: string;
  sequence: number;
}

export interface SettledEvent {
  tenantId: string;
  cursor: Cursor;
  event: Omit<FeedEvent, "position">;
}

export interface Settled {
  events: SettledEvent[];
  /** The first transaction that has not settled. */
  edge: bigint;
  /** Events are there that have not settled; it is a matter of milliseconds. */
  more: boolean;
  /** Beyond every transaction of this database. */
  end: bigint;
}

export async function readSettled(
  pool: Pool,
  { after, limit, tenantId }: { after: Cursor; limit: number; tenantId?: string },
): Promise<Settled> {
  const { rows } = await pool.query<Row>({
    name: "read-settled",
    text: statement,
    values: [after.xid.toString(), after.subject, after.sequence, limit, tenantId ?? null],
  });
  const [first] = rows;
  return {
    events: rows.flatMap((row) => (row.subject === null ? [] : [eventOf(row as Found)])),
    edge: BigInt(first?.edge ?? 0),
    end: BigInt(first?.edge_max ?? 0),
    more: first?.more ?? false,
  };
}

/** Events of transactions that this database has not come to were restored into it: they are of the past, and never settle. */
export async function forgetRestored(pool: Pool): Promise<void> {
  await pool.query(
    `update connectsoft.events e set xid = null where e.xid >= pg_snapshot_xmax(pg_current_snapshot())`,
  );
}

interface Row {
  edge: string;
  edge_max: string;
  more: boolean;
  xid: string | null;
  subject: string | null;
  sequence: string;
  name: EventName;
  body: string;
  phase: DeliveryPhase;
  active: string;
}
type Found = Row & { xid: string; subject: string };

const statement = `
with edge as materialized (
  select pg_snapshot_xmin(s) as xmin, pg_snapshot_xmax(s) as xmax from pg_current_snapshot() as s)
select edge.xmin::text as edge, edge.xmax::text as edge_max,
       exists (select from connectsoft.events w where w.xid >= edge.xmin) as more,
       f.xid::text, f.subject, f.sequence, f.name, f.body, f.phase, f.active
from edge left join lateral (
  select e.xid, e.subject, e.sequence, e.name, e.body, d.phase, d.active
  from connectsoft.events e join connectsoft.deliveries d on d.subject = e.subject
  where (e.xid, e.subject, e.sequence) > ($1::xid8, $2::text, $3::bigint) and e.xid < edge.xmin
    and ($5::text is null or d.tenant_id = $5)
  order by e.xid, e.subject, e.sequence limit $4) f on true
order by f.xid, f.subject, f.sequence`;

function eventOf({ xid, subject, sequence, name, body, phase, active }: Found): SettledEvent {
  const { time, environment, releaseid, tenantid, traceid, moduleid } = JSON.parse(body) as DeliveryEvent;
  return {
    tenantId: tenantid,
    cursor: { xid: BigInt(xid), subject, sequence: Number(sequence) },
    event: {
      subject: { tenantId: tenantid, traceId: traceid, moduleId: moduleid },
      sequence: Number(sequence),
      name,
      time,
      ...(environment !== undefined && { environment }),
      ...(releaseid !== undefined && { releaseId: releaseid }),
      phase,
      active: JSON.parse(active) as Record<string, string[]>,
    },
  };
}
