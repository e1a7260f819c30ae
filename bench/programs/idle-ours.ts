/** One delivery at a time on an idle engine: how long each step takes from commit to commit. */
import { type BenchEngine, openBenchEngine, stateOf, subjects } from "../support/bench-engine.ts";
import { argument, say } from "../support/program.ts";

const { url, count, warmUp } = argument<{ url: string; count: number; warmUp: number }>();
const stepMs: number[] = [];
const dispatchMs: number[] = [];
let committedAt: number | undefined;
let approvedAt: number | undefined;
let finish = (): void => undefined;

const bench: BenchEngine = await openBenchEngine({
  url,
  observer: {
    stepTaken({ record }) {
      const now = performance.now();
      if (committedAt !== undefined) stepMs.push(now - committedAt);
      committedAt = now;
      const state = stateOf(record);
      if (state === "awaiting_approval") void approve(record.subject);
      if (state === "published") finish();
    },
  },
  act() {
    if (approvedAt !== undefined) dispatchMs.push(performance.now() - approvedAt);
    approvedAt = undefined;
  },
});
await bench.engine.start();
await deliver(warmUp, "warm");
stepMs.length = 0;
dispatchMs.length = 0;
await deliver(count, "idle");
await bench.stop();
await say({ kind: "result", stepMs, dispatchMs });
process.exit(0);

async function deliver(size: number, prefix: string): Promise<void> {
  for (const subject of subjects(size, prefix)) {
    // The hand-over is not a step between two commits of one delivery.
    committedAt = undefined;
    const end = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await bench.handOver(subject);
    await end;
  }
}

/** A person takes their time: the wait is not part of a step, and the engine is idle when they decide. */
async function approve(subject: ReturnType<typeof subjects>[number]): Promise<void> {
  committedAt = undefined;
  await new Promise((resolve) => setTimeout(resolve, 5));
  approvedAt = performance.now();
  await bench.approve(subject);
}
