/** What the screens of a large tenant ask of the server, through HTTP: the board first of all. */
import path from "node:path";
import { openPool } from "../../src/adapters/database/open-database.ts";
import { createProgram, root } from "../../test/e2e/program.ts";
import { fillDeliveries } from "../../test/support/fill-deliveries.ts";
import type { Benchmark, Metric } from "../support/benchmark.ts";
import { percentile } from "../support/statistics.ts";

interface Asked {
  name: string;
  path(of: { subject: string; cursor: string }): string;
  /** p99 in milliseconds. */
  goal: number;
}

const asked: Asked[] = [
  { name: "board, first page", path: () => "/deliveries/search", goal: 100 },
  { name: "board, a later page", path: ({ cursor }) => `/deliveries/search?cursor=${cursor}`, goal: 100 },
  { name: "board, by state", path: () => "/deliveries/search?state=needs-approval,failed", goal: 100 },
  {
    name: "board, by place and state",
    path: () => "/deliveries/search?environment=production&state=held",
    goal: 100,
  },
  { name: "board, by module", path: () => "/deliveries/search?moduleId=service-007", goal: 100 },
  { name: "board, by sponsor", path: () => "/deliveries/search?sponsor=person-7", goal: 100 },
  { name: "board, by words", path: () => "/deliveries/search?q=service-01%20person-3", goal: 100 },
  { name: "board, by words that nothing has", path: () => "/deliveries/search?q=nowhere-at-all", goal: 100 },
  { name: "board, of last year", path: () => "/deliveries/search?to=2020-01-01T00:00:00Z", goal: 100 },
  { name: "board, counts", path: () => "/deliveries/counts", goal: 200 },
  { name: "board, counts by place", path: () => "/deliveries/counts?environment=production", goal: 200 },
  {
    name: "board, counts by words",
    path: () => "/deliveries/counts?q=service-01%20person-3",
    goal: 200,
  },
  { name: "timeline", path: ({ subject }) => `/deliveries/${subject}/timeline`, goal: 100 },
  { name: "spans", path: ({ subject }) => `/deliveries/${subject}/spans`, goal: 100 },
  { name: "flows as a picture", path: ({ subject }) => `/deliveries/${subject}/flow`, goal: 200 },
  { name: "matrix of 50 modules", path: () => "/matrix", goal: 300 },
  { name: "audit, newest", path: () => "/audit/events", goal: 100 },
  { name: "audit, what failed", path: () => "/audit/events?outcome=failed&moduleId=service-007", goal: 100 },
];

export const board: Benchmark = {
  name: "board",
  title: "screens of a tenant with 100,000 deliveries",
  async run(context) {
    const deliveries = context.quick ? 1_000 : 100_000;
    const chains = context.quick ? 100 : 5_000;
    const rounds = context.quick ? 5 : 200;
    const database = await context.server.createDatabase({ migrated: true });
    const program = await createProgram({ DATABASE_URL: database.url, CONNECTSOFT_RATE_LIMIT: "0" });
    const pool = openPool(database.url, { max: 1, applicationName: "bench" });
    try {
      const example = path.join(root, "examples/booking-service");
      const { out, err } = await program.connectsoft("deliver", example, "--json");
      const [first = "{}"] = out.split("\n");
      const { subject } = JSON.parse(first) as { subject?: string };
      if (subject === undefined) throw new Error(`nothing was delivered: ${err}`);
      const beganMs = performance.now();
      await fillDeliveries(pool, { subject, deliveries, chains, modules: 300 });
      const seconds = Math.round((performance.now() - beganMs) / 1_000);
      context.log(`${deliveries} deliveries copied in ${seconds} s`);
      const server = await program.server();
      if (server === undefined) throw new Error("no server runs");
      const get = async (place: string): Promise<string> => {
        const headers = { authorization: `Bearer ${server.token}` };
        const response = await fetch(`${server.url}/api/v1${place}`, { headers });
        const text = await response.text();
        if (!response.ok) throw new Error(`${place}: ${response.status} ${text}`);
        return text;
      };
      const { nextCursor: cursor = "" } = JSON.parse(await get("/deliveries/search?limit=200")) as {
        nextCursor?: string;
      };
      const metrics: Metric[] = [];
      for (const { name, path: placeOf, goal } of asked) {
        const place = placeOf({ subject, cursor });
        for (let warm = 0; warm < 5; warm += 1) await get(place);
        const samples: number[] = [];
        for (let round = 0; round < rounds; round += 1) {
          const at = performance.now();
          await get(place);
          samples.push(performance.now() - at);
        }
        metrics.push({ name: `${name}, p50`, unit: "ms", samples: [percentile(samples, 0.5)] });
        metrics.push({
          name: `${name}, p99`,
          unit: "ms",
          samples: [percentile(samples, 0.99)],
          goal: { atMost: goal },
        });
        context.log(
          `${name}: ${percentile(samples, 0.5).toFixed(1)} / ${percentile(samples, 0.99).toFixed(1)} ms`,
        );
      }
      const { rows } = await pool.query<{ count: number }>(
        "select count(*)::int as count from connectsoft.told_events",
      );
      return {
        metrics,
        facts: { deliveries, chains, told: rows[0]?.count ?? 0, rounds, fillSeconds: seconds },
      };
    } finally {
      await pool.end();
      await program.remove();
      await database.drop();
    }
  },
};
