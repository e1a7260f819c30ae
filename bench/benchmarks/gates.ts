/** What it costs to evaluate a release with every gate asked for: reads, signatures, advisories, verdict. */
import type { Benchmark } from "../support/benchmark.ts";
import { startProgram } from "../support/program.ts";
import { percentile } from "../support/statistics.ts";

const program = new URL("../programs/gates.ts", import.meta.url);

export const gates: Benchmark = {
  name: "gates",
  title: "a release evaluated with all gates, beside the database",
  async run(context) {
    const rounds = context.quick ? 1 : 5;
    const count = context.quick ? 10 : 300;
    const packages = 300;
    const p50: number[] = [];
    const p99: number[] = [];
    let passed = 0;
    let verdict = "";
    for (let round = 0; round < rounds; round += 1) {
      const database = await context.server.createDatabase({ migrated: true });
      const input = { url: database.url, count, warmUp: 50, packages };
      const result = await startProgram(program, input, { timeoutMs: 120_000 }).next("result");
      await database.drop();
      const samples = result.evaluateMs as number[];
      p50.push(percentile(samples, 0.5));
      p99.push(percentile(samples, 0.99));
      passed = (result.gates as { status: string }[]).filter(({ status }) => status === "Passed").length;
      verdict = String(result.verdict);
    }
    if (verdict !== "AwaitingApproval")
      throw new Error(`the release should wait for approval, and is ${verdict}`);
    return {
      metrics: [
        { name: "evaluation with all gates, p50", unit: "ms", samples: p50 },
        { name: "evaluation with all gates, p99", unit: "ms", samples: p99, goal: { atMost: 10 } },
      ],
      facts: {
        evaluationsARound: count,
        packages,
        advisories: 5_000,
        gatesPassed: passed,
        commitSignatures: "verified before",
      },
    };
  },
};
