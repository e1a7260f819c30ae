/** A worker whose every step has an outside effect: it looks for it by its key and else makes it, in its own commit. */
import { setTimeout as pause } from "node:timers/promises";
import { openPool } from "../../src/adapters/database/open-database.ts";
import { openBenchEngine } from "../support/bench-engine.ts";
import { argument, say } from "../support/program.ts";

const { url, name } = argument<{ url: string; name: string }>();
const outside = openPool(url, { max: 4, applicationName: "bench outside" });
const bench = await openBenchEngine({
  url,
  room: 16,
  async act({ invocation: { invocationId } }) {
    const { rowCount } = await outside.query("select from effects e where e.invocation_id = $1", [
      invocationId,
    ]);
    // Work that takes a while, so that a kill finds some of it before its effect and some after.
    await pause(5);
    if (rowCount === 0)
      await outside.query("insert into effects (invocation_id, worker) values ($1, $2)", [
        invocationId,
        name,
      ]);
    await pause(5);
  },
});
await bench.engine.start();
await say({ kind: "ready" });
process.on("SIGTERM", () => {
  bench
    .stop()
    .then(() => outside.end())
    .then(() => process.exit(0));
});
