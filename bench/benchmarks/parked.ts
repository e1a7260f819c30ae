/** What deliveries cost that wait: a fresh worker's memory, and how soon it is ready beside 20,000 of them. */
import type { Benchmark } from "../support/benchmark.ts";
import { startProgram } from "../support/program.ts";

const park = new URL("../programs/park.ts", import.meta.url);
const worker = new URL("../programs/parked-worker.ts", import.meta.url);

export const parked: Benchmark = {
  name: "parked",
  title: "20,000 deliveries that wait for an approval, each with a timer",
  async run(context) {
    const count = context.quick ? 200 : 20_000;
    const rounds = context.quick ? 1 : 5;
    const database = await context.server.createDatabase({ migrated: true });
    const began = performance.now();
    await startProgram(park, { url: database.url, count }, { timeoutMs: 150_000 }).next("result");
    context.log(`${count} deliveries parked in ${((performance.now() - began) / 1000).toFixed(1)} s`);
    const readyMs: number[] = [];
    const residentMiB: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const startedAt = performance.now();
      const program = startProgram(worker, { url: database.url, nth: round }, { timeoutMs: 60_000 });
      await program.next("ready");
      readyMs.push(performance.now() - startedAt);
      residentMiB.push(Number((await program.next("memory")).residentMiB));
    }
    await database.drop();
    return {
      metrics: [
        { name: "process start to ready", unit: "ms", samples: readyMs, goal: { atMost: 1_000 } },
        { name: "resident memory of the worker", unit: "MiB", samples: residentMiB, goal: { atMost: 143 } },
      ],
      facts: { deliveries: count, goal: "150 MB are 143 MiB", worker: "engine, store and flows; no HTTP" },
    };
  },
};
