/**
 * Deliveries a second with 2,000 open: the engine, the engine with each step permitted, counted and logged, and DBOS,
 * on the same server, in turns.
 */
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
    const rates: Record<Contender, number[]> = { ours: [], governed: [], dbos: [] };
    const cpu: Record<Contender, number[]> = { ours: [], governed: [], dbos: [] };
    for (let round = 0; round < rounds; round += 1) {
      for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
        const result = await run(context, contender, count);
        const rate = count / result.seconds;
        context.log(`${contender}: ${rate.toFixed(0)} deliveries/s`);
        rates[contender].push(rate);
        cpu[contender].push((result.cpuSeconds * 1000) / count);
      }
    }
    const ratios = rates.ours.map((rate, round) => rate / (rates.dbos[round] ?? Number.NaN));
    const shares = rates.governed.map((rate, round) => rate / (rates.ours[round] ?? Number.NaN));
    return {
      metrics: [
        { name: "connectsoft", unit: "deliveries/s", samples: rates.ours },
        { name: "DBOS 5.3", unit: "deliveries/s", samples: rates.dbos },
        { name: "ratio", unit: "times", samples: ratios, goal: { atLeast: 3 } },
        { name: "connectsoft, governed", unit: "deliveries/s", samples: rates.governed },
        { name: "share that is left when governed", unit: "", samples: shares, goal: { atLeast: 0.8 } },
        { name: "our processor time a delivery", unit: "ms", samples: cpu.ours },
        { name: "the same, governed", unit: "ms", samples: cpu.governed },
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

const contenders = ["ours", "governed", "dbos"] as const;
type Contender = (typeof contenders)[number];

interface Run {
  seconds: number;
  cpuSeconds: number;
}

async function run(context: BenchmarkContext, contender: Contender, count: number): Promise<Run> {
  if (contender === "dbos") return await runDbos(context, count);
  return await runOurs(context, { count, governed: contender === "governed" });
}

async function runOurs(
  context: BenchmarkContext,
  { count, governed }: { count: number; governed: boolean },
): Promise<Run> {
  const database = await context.server.createDatabase({ migrated: true });
  const warmUp = Math.min(200, count);
  try {
    const program = startProgram(
      ours,
      { url: database.url, count, warmUp, governed },
      { timeoutMs: 120_000 },
    );
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
