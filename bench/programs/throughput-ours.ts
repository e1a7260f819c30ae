/** Our engine, one worker process: hands deliveries over, approves each one that waits, until all are published. */
import { openPool } from "../../src/adapters/database/open-database.ts";
import { verifyChain } from "../../src/domain/event/event.ts";
import { subjectKey } from "../../src/domain/scope.ts";
import { type BenchEngine, openBenchEngine, stateOf, subjects } from "../support/bench-engine.ts";
import { argument, say } from "../support/program.ts";

const { url, count, warmUp, governed } = argument<{
  url: string;
  count: number;
  warmUp: number;
  governed: boolean;
}>();
const finished = new Map<string, () => void>();
const bench: BenchEngine = await openBenchEngine({
  url,
  governed,
  observer: {
    stepTaken({ record }) {
      const state = stateOf(record);
      if (state === "awaiting_approval") void bench.approve(record.subject);
      if (state === "published") finished.get(subjectKey(record.subject))?.();
    },
  },
});
await bench.engine.start();
await deliverAll(warmUp, "warm");
const cpuBefore = process.cpuUsage();
const began = performance.now();
await deliverAll(count, "open");
const seconds = (performance.now() - began) / 1000;
const cpu = process.cpuUsage(cpuBefore);
const audit = await auditAll();
await bench.stop();
await say({ kind: "result", seconds, cpuSeconds: (cpu.user + cpu.system) / 1e6, ...audit });
process.exit(0);

async function deliverAll(size: number, prefix: string): Promise<void> {
  const all = subjects(size, prefix);
  const ends = all.map((subject) => new Promise<void>((end) => finished.set(subjectKey(subject), end)));
  await Promise.all(all.map((subject) => bench.handOver(subject)));
  await Promise.all(ends);
}

/** What was fast must also be whole: every chain intact and every artifact there. */
async function auditAll(): Promise<Record<string, number>> {
  const pool = openPool(url, { max: 1, applicationName: "bench audit" });
  let intact = 0;
  for (const subject of subjects(count, "open")) {
    const verdict = verifyChain(await bench.engine.store.events(subject));
    if (verdict.intact) intact += 1;
  }
  const { rows } = await pool.query<{ artifacts: number; events: number }>(
    `select (select count(*) from connectsoft.artifacts) as artifacts, (select count(*) from connectsoft.events) as events`,
  );
  await pool.end();
  return { intact, artifacts: Number(rows[0]?.artifacts), events: Number(rows[0]?.events) };
}
