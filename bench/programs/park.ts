/** Hands deliveries over and leaves each of them waiting for its approval, its timer set. */
import { openBenchEngine, stateOf, subjects } from "../support/bench-engine.ts";
import { argument, say } from "../support/program.ts";

const { url, count } = argument<{ url: string; count: number }>();
let parked = 0;
let finish = (): void => undefined;
const bench = await openBenchEngine({
  url,
  observer: {
    stepTaken({ record }) {
      if (stateOf(record) !== "awaiting_approval") return;
      parked += 1;
      if (parked === count) finish();
    },
  },
});
await bench.engine.start();
const end = new Promise<void>((resolve) => {
  finish = resolve;
});
const waves = subjects(count, "parked");
for (let at = 0; at < waves.length; at += 2_000)
  await Promise.all(waves.slice(at, at + 2_000).map((subject) => bench.handOver(subject)));
await end;
await bench.stop();
await say({ kind: "result", parked });
process.exit(0);
