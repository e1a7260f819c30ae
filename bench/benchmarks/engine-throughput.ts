/** Deliveries a second with 2,000 open, against DBOS on the same server, in turns. */
import type { Benchmark, BenchmarkContext } from "../support/benchmark.ts";
import { startProgram } from "../support/program.ts";
import { median } from "../support/statistics.ts";

const ours = new URL("../programs/throughput-ours.ts", import.meta.url);
const dbos = new URL("../programs/throughput-dbos.ts", import.meta.url);
/** DBOS's own default. */
const dbosPoolSize = 20;

export const engineThroughput: Benchmark = {
  name: "engine-throughput",
  title: "2,000 open deliveries: six durable steps and one approval each",
  async run(context) {
    const count = context.quick ? 100 : 2_000;
    const rounds = context.quick ? 1 : 3;
    const rates: { ours: number[]; dbos: number[] } = { ours: [], dbos: [] };
    const cpu: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const order = round % 2 === 0 ? (["ours", "dbos"] as const) : (["dbos", "ours"] as const);
      for (const contender of order) {
        const result = await (contender === "ours" ? runOurs : runDbos)(context, count);
        const rate = count / result.seconds;
        context.log(`${contender}: ${rate.toFixed(0)} deliveries/s`);
        rates[contender].push(rate);
        if (contender === "ours") cpu.push((result.cpuSeconds * 1000) / count);
      }
    }
    const ratios = rates.ours.map((rate, round) => rate / (rates.dbos[round] ?? Number.NaN));
    return {
      metrics: [
        { name: "connectsoft", unit: "deliveries/s", samples: rates.ours },
        { name: "DBOS 5.3", unit: "deliveries/s", samples: rates.dbos },
        { name: "ratio", unit: "times", samples: ratios, goal: { atLeast: 3 } },
        { name: "our processor time a delivery", unit: "ms", samples: cpu },
      ],
      facts: {
        deliveries: count,
        transactionsADelivery: "one a step, shared under load",
        aim: `10 times; reached ${median(ratios).toFixed(1)}`,
        chainsVerified: true,
        dbosPoolSize,
      },
    };
  },
};

interface Run {
  seconds: number;
  cpuSeconds: number;
}

async function runOurs(context: BenchmarkContext, count: number): Promise<Run> {
  const database = await context.server.createDatabase({ migrated: true });
  const warmUp = Math.min(200, count);
  try {
    const program = startProgram(ours, { url: database.url, count, warmUp }, { timeoutMs: 120_000 });
    const { seconds, cpuSeconds, intact, artifacts } = await program.next("result");
    await program.kill("SIGTERM");
    if (intact !== count) throw new Error(`${intact} of ${count} chains are intact`);
    if (artifacts !== 6 * (count + warmUp)) throw new Error(`${artifacts} artifacts were kept`);
    return { seconds: Number(seconds), cpuSeconds: Number(cpuSeconds) };
  } finally {
    await database.drop();
  }
}

async function runDbos(context: BenchmarkContext, count: number): Promise<Run> {
  const database = await context.server.createDatabase({ migrated: false });
  try {
    const input = { url: database.url, count, warmUp: Math.min(200, count), poolSize: dbosPoolSize };
    const program = startProgram(dbos, input, { timeoutMs: 180_000 });
    const { seconds, cpuSeconds } = await program.next("result");
    await program.kill("SIGTERM");
    return { seconds: Number(seconds), cpuSeconds: Number(cpuSeconds) };
  } finally {
    await database.drop();
  }
}
