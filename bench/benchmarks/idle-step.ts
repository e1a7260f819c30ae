/** What one step costs where nothing else happens, and how soon an approval sets the next agent to work. */
import type { Benchmark } from "../support/benchmark.ts";
import { startProgram } from "../support/program.ts";
import { percentile } from "../support/statistics.ts";

const program = new URL("../programs/idle-ours.ts", import.meta.url);

export const idleStep: Benchmark = {
  name: "idle-step",
  title: "one delivery on an idle engine",
  async run(context) {
    const rounds = context.quick ? 1 : 3;
    const count = context.quick ? 10 : 150;
    const steps: { p50: number[]; p99: number[] } = { p50: [], p99: [] };
    const dispatches: { p50: number[]; p99: number[] } = { p50: [], p99: [] };
    for (let round = 0; round < rounds; round += 1) {
      const database = await context.server.createDatabase({ migrated: true });
      const input = { url: database.url, count, warmUp: Math.min(count, 50) };
      const result = await startProgram(program, input, { timeoutMs: 60_000 }).next("result");
      await database.drop();
      note(steps, result.stepMs as number[]);
      note(dispatches, result.dispatchMs as number[]);
    }
    return {
      metrics: [
        { name: "step, commit to commit, p50", unit: "ms", samples: steps.p50, goal: { atMost: 8 } },
        { name: "step, commit to commit, p99", unit: "ms", samples: steps.p99 },
        { name: "approval to dispatch, p50", unit: "ms", samples: dispatches.p50, goal: { atMost: 100 } },
        { name: "approval to dispatch, p99", unit: "ms", samples: dispatches.p99, goal: { atMost: 100 } },
      ],
      facts: { stepsARound: count * 6, approvalsARound: count },
    };
  },
};

function note(into: { p50: number[]; p99: number[] }, samples: number[]): void {
  into.p50.push(percentile(samples, 0.5));
  into.p99.push(percentile(samples, 0.99));
}
