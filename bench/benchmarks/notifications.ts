/** What it costs to look whether somebody is to be told something, beside 20,000 deliveries, and to find it. */
import type { Pool } from "pg";
import { openPool } from "../../src/adapters/database/open-database.ts";
import { createNotifications } from "../../src/adapters/notifications/postgres/create-notifications.ts";
import type { Selection } from "../../src/ports/notifications.ts";
import type { Benchmark } from "../support/benchmark.ts";

const tenantId = "acme";
const targets = 5;
const stepped = 100;

export const notifications: Benchmark = {
  name: "notifications",
  title: "looking for what targets are to be told",
  async run({ server, quick, log }) {
    const deliveries = quick ? 200 : 20_000;
    const rounds = quick ? 1 : 20;
    const database = await server.createDatabase({ migrated: true });
    const pool = openPool(database.url, { max: 2, applicationName: "bench" });
    const outbox = createNotifications({ pool });
    await fill(pool, deliveries);
    const selections: Selection[] = [];
    for (let index = 0; index < targets; index += 1) {
      const targetId = `target-${index}`;
      await outbox.open({ tenantId, targetId, since: "2026-01-01T00:00:00Z" });
      selections.push({ tenantId, targetId, names: ["ApprovalRequested", "DeploymentCompleted"] });
    }
    const first = await timed(async () => {
      for (let more = true; more; ) ({ more } = await outbox.take(tenantId, selections));
    });
    log(`${deliveries} deliveries taken for ${targets} targets in ${(first / 1_000).toFixed(1)} s`);
    await pool.query("vacuum analyze connectsoft.notification_positions");
    const idleMs: number[] = [];
    const lateMs: number[] = [];
    const steppedMs: number[] = [];
    const sweptMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      idleMs.push(await timed(() => outbox.take(tenantId, selections)));
      const subjects = await grow(pool, { from: round * stepped, events: 10 });
      steppedMs.push(await timed(() => outbox.take(tenantId, selections, { subjects })));
      lateMs.push(await timed(() => outbox.take(tenantId, selections, { changedWithinMs: 120_000 })));
      await grow(pool, { from: round * stepped, events: 11 });
      sweptMs.push(await timed(() => outbox.take(tenantId, selections)));
    }
    await pool.end();
    await database.drop();
    return {
      metrics: [
        { name: "look at all, nothing new", unit: "ms", samples: idleMs },
        { name: "look at what changed lately, nothing new", unit: "ms", samples: lateMs },
        { name: `look at ${stepped} that stepped, all of them to be told`, unit: "ms", samples: steppedMs },
        { name: `look at all, ${stepped} to be told`, unit: "ms", samples: sweptMs },
      ],
      facts: { deliveries, targets, lateEveryMs: 10_000, allEveryMs: 600_000 },
    };
  },
};

async function timed(task: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await task();
  return performance.now() - begun;
}

/** Ten events each, one of which is told; states of the size that parked deliveries have. */
async function fill(pool: Pool, deliveries: number): Promise<void> {
  await pool.query(
    `insert into connectsoft.deliveries
       (subject, tenant_id, trace_id, module_id, phase, sequence, hash, state, active, created_at, updated_at)
     select '${tenantId}/trace-' || n || '/booking', '${tenantId}', 'trace-' || n, 'booking', 'open', 10, md5(n::text),
            (select string_agg(md5((n * 1000 + k)::text), '') from generate_series(1, 120) k), '{}', now() - interval '1 hour', now() - interval '1 hour'
       from generate_series(0, $1 - 1) n`,
    [deliveries],
  );
  await pool.query(
    `insert into connectsoft.events (subject, sequence, event_id, name, body)
     select '${tenantId}/trace-' || n || '/booking', s, 'e' || s, case when s = 9 then 'ApprovalRequested' else 'AgentCompleted' end,
            json_build_object('time', now(), 'environment', 'production', 'data', json_build_object('releaseId', 'release-' || n, 'padding', repeat('x', 400)))::text
       from generate_series(0, $1 - 1) n, generate_series(1, 10) s`,
    [deliveries],
  );
  await pool.query("vacuum analyze connectsoft.deliveries, connectsoft.events");
}

/** One more event on each of some chains. */
async function grow(pool: Pool, { from, events }: { from: number; events: number }): Promise<string[]> {
  const { rows } = await pool.query<{ subject: string }>(
    `with grown as (
       update connectsoft.deliveries d set sequence = d.sequence + 1, updated_at = now()
        where d.subject in (select '${tenantId}/trace-' || n || '/booking' from generate_series($1::int, $2::int) n)
       returning d.subject, d.sequence)
     insert into connectsoft.events (subject, sequence, event_id, name, body)
     select g.subject, g.sequence, 'e' || g.sequence, 'DeploymentCompleted', json_build_object('time', now(), 'n', $3::int)::text
       from grown g returning subject`,
    [from, from + stepped - 1, events],
  );
  return rows.map(({ subject }) => subject);
}
