/** kill -9 of one of two workers in the middle of 1,000 deliveries: all complete, nothing happens twice. */
import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { openPool } from "../../src/adapters/database/open-database.ts";
import { verifyChain } from "../../src/domain/event/event.ts";
import { stepCount } from "../support/bench-agents.ts";
import { type BenchEngine, openBenchEngine, stateOf, subjects } from "../support/bench-engine.ts";
import type { Benchmark, BenchmarkContext } from "../support/benchmark.ts";
import { startProgram } from "../support/program.ts";

const worker = new URL("../programs/takeover-worker.ts", import.meta.url);

export const takeover: Benchmark = {
  name: "takeover",
  title: "kill -9 of one of two workers in the middle of 1,000 deliveries",
  async run(context) {
    const count = context.quick ? 100 : 1_000;
    const rounds = context.quick ? 1 : 2;
    const runs: Takeover[] = [];
    for (let round = 0; round < rounds; round += 1) runs.push(await killOne(context, count));
    const sum = (of: (run: Takeover) => number) => runs.reduce((total, run) => total + of(run), 0);
    const whole = count * rounds;
    return {
      metrics: [
        {
          name: "kill to first job taken over",
          unit: "s",
          samples: runs.map((run) => run.firstSeconds),
          goal: { atMost: 5 },
        },
        {
          name: "kill to last job taken over",
          unit: "s",
          samples: runs.map((run) => run.lastSeconds),
          goal: { atMost: 5 },
        },
        {
          name: "deliveries completed, share",
          unit: "",
          samples: [sum((run) => run.published) / whole],
          goal: { atLeast: 1 },
        },
        {
          name: "chains intact, share",
          unit: "",
          samples: [sum((run) => run.intact) / whole],
          goal: { atLeast: 1 },
        },
        { name: "effects made twice", unit: "", samples: [sum((run) => run.twice)], goal: { atMost: 0 } },
        { name: "effects missing", unit: "", samples: [sum((run) => run.missing)], goal: { atMost: 0 } },
      ],
      facts: { deliveries: count, jobsLost: runs.map((run) => run.jobsLost).join(", ") },
    };
  },
};

interface Takeover {
  firstSeconds: number;
  lastSeconds: number;
  jobsLost: number;
  published: number;
  intact: number;
  twice: number;
  missing: number;
}

async function killOne(context: BenchmarkContext, count: number): Promise<Takeover> {
  const database = await context.server.createDatabase({ migrated: true });
  const pool = openPool(database.url, { max: 2, applicationName: "bench driver" });
  // No constraint: that an effect happens once is the engine's merit, not the table's.
  await pool.query("create table effects (invocation_id text not null, worker text not null)");
  await pool.query("create index on effects (invocation_id)");
  const workers = ["first", "second"].map((name) =>
    startProgram(worker, { url: database.url, name }, { timeoutMs: 100_000 }),
  );
  await Promise.all(workers.map((program) => program.next("ready")));
  const person = await openBenchEngine({ url: database.url, works: false });
  const all = subjects(count, "open");
  await Promise.all(all.map((subject) => person.handOver(subject)));
  const approving = approveAll(person, all);
  await until(pool, "select count(*) from effects", (effects) => effects >= (count * stepCount) / 3);
  const killedAt = Date.now();
  await workers[0]?.kill("SIGKILL");
  await approving;
  const published = `select count(*) from connectsoft.deliveries where active like '%"published"%'`;
  await until(pool, published, (done) => done >= count);
  const result = await audit(pool, { person, count, killedAt });
  await workers[1]?.kill("SIGTERM");
  await person.stop();
  await pool.end();
  await database.drop();
  return result;
}

/** As a person with a list of what waits would. */
async function approveAll({ engine, approve }: BenchEngine, all: ReturnType<typeof subjects>): Promise<void> {
  const waiting = new Set(all);
  while (waiting.size > 0) {
    await Promise.all(
      [...waiting].slice(0, 200).map(async (subject) => {
        const record = await engine.store.load(subject);
        if (record === undefined || stateOf(record) !== "awaiting_approval") return;
        await approve(subject);
        waiting.delete(subject);
      }),
    );
    await pause(10);
  }
}

async function audit(
  pool: pg.Pool,
  { person, count, killedAt }: { person: BenchEngine; count: number; killedAt: number },
): Promise<Takeover> {
  const lostAt: number[] = [];
  let intact = 0;
  let published = 0;
  const invocations = new Set<string>();
  for (const subject of subjects(count, "open")) {
    const events = await person.engine.store.events(subject);
    if (verifyChain(events).intact) intact += 1;
    const record = await person.engine.store.load(subject);
    if (record !== undefined && stateOf(record) === "published") published += 1;
    for (const { data, time } of events) {
      if (data.code === "WorkerLost") lostAt.push((Date.parse(time) - killedAt) / 1000);
      if (typeof data.invocationId === "string") invocations.add(data.invocationId);
    }
  }
  const { rows } = await pool.query<{ invocation_id: string; times: string | number }>(
    "select e.invocation_id, count(*) as times from effects e group by e.invocation_id",
  );
  return {
    firstSeconds: Math.min(...lostAt),
    lastSeconds: Math.max(...lostAt),
    jobsLost: lostAt.length,
    published,
    intact,
    twice: rows.filter((row) => Number(row.times) > 1).length,
    missing: invocations.size - rows.length,
  };
}

async function until(pool: pg.Pool, query: string, holds: (count: number) => boolean): Promise<void> {
  for (let waitedMs = 0; waitedMs < 90_000; waitedMs += 20) {
    const { rows } = await pool.query<{ count: string | number }>(query);
    if (holds(Number(rows[0]?.count))) return;
    await pause(20);
  }
  throw new Error(`still not: ${query}`);
}
