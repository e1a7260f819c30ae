/** A worker process that comes up beside parked deliveries, says when it is ready, and still does its work. */
import { openBenchEngine, stateOf, subjects } from "../support/bench-engine.ts";
import { argument, say } from "../support/program.ts";

const { url, nth } = argument<{ url: string; nth: number }>();
let finish = (): void => undefined;
const published = new Promise<void>((resolve) => {
  finish = resolve;
});
const bench = await openBenchEngine({
  url,
  observer: {
    stepTaken({ record }) {
      if (stateOf(record) === "published") finish();
    },
  },
});
await bench.engine.start();
await bench.engine.settled();
await say({ kind: "ready" });
const waiting = subjects(nth + 1, "parked").at(-1);
if (waiting === undefined) throw new Error("nothing is parked");
await bench.approve(waiting);
await published;
// Long enough for several looks at timers, jobs and workers.
await new Promise((resolve) => setTimeout(resolve, 3_000));
await say({ kind: "memory", residentMiB: process.memoryUsage.rss() / 2 ** 20 });
await bench.stop();
process.exit(0);
