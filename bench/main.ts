/** `npm run bench [-- <name>...] [--json] [--quick] [--save]`: measures, and says how far from what is promised. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { auditLog } from "./benchmarks/audit-log.ts";
import { auditVerify } from "./benchmarks/audit-verify.ts";
import { board } from "./benchmarks/board.ts";
import { commandLine } from "./benchmarks/cli.ts";
import { commitLarge } from "./benchmarks/commit-large.ts";
import { commitMonorepo } from "./benchmarks/commit-monorepo.ts";
import { engineThroughput } from "./benchmarks/engine-throughput.ts";
import { gates } from "./benchmarks/gates.ts";
import { httpApi } from "./benchmarks/http-api.ts";
import { idleStep } from "./benchmarks/idle-step.ts";
import { mainJob } from "./benchmarks/main-job.ts";
import { notifications } from "./benchmarks/notifications.ts";
import { parked } from "./benchmarks/parked.ts";
import { pipelineGeneration } from "./benchmarks/pipeline-generation.ts";
import { policyDecision } from "./benchmarks/policy-decision.ts";
import { rollback } from "./benchmarks/rollback.ts";
import { rollout } from "./benchmarks/rollout.ts";
import { router } from "./benchmarks/router.ts";
import { studio } from "./benchmarks/studio.ts";
import { supervisedServices } from "./benchmarks/supervised-services.ts";
import { takeover } from "./benchmarks/takeover.ts";
import { startBenchServer } from "./support/bench-server.ts";
import type { Benchmark, BenchServer } from "./support/benchmark.ts";
import { describeMachine, machineSlug, measuredCommit, measureNoise } from "./support/machine.ts";
import { measured, table } from "./support/report.ts";

const benchmarks: Benchmark[] = [
  engineThroughput,
  idleStep,
  parked,
  gates,
  notifications,
  takeover,
  commandLine,
  mainJob,
  pipelineGeneration,
  commitMonorepo,
  commitLarge,
  router,
  rollout,
  rollback,
  supervisedServices,
  policyDecision,
  auditVerify,
  auditLog,
  board,
  studio,
  httpApi,
];
const here = path.dirname(fileURLToPath(import.meta.url));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "boolean" }, quick: { type: "boolean" }, save: { type: "boolean" } },
});
const unknown = positionals.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  const known = benchmarks.map((benchmark) => benchmark.name).join(", ");
  process.stderr.write(`No benchmark ${unknown.join(", ")}: there are ${known}.\n`);
  process.exit(2);
}
const chosen = benchmarks.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

const { server, stop } = await startBenchServer();
try {
  const report = await runAll(server);
  if (values.json === true) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  if (values.save === true) await save(report);
} finally {
  await stop();
}

async function runAll(server: BenchServer) {
  const results = [];
  const machine = describeMachine();
  const noise = { before: measureNoise(), after: measureNoise() };
  for (const { name, title, run } of chosen) {
    const { metrics, facts } = await run({ server, quick: values.quick === true, log });
    const figures = metrics.map(measured);
    results.push({ name, title, metrics: figures, facts });
    if (values.json !== true) process.stdout.write(`\n${table(`${name}: ${title}`, figures)}`);
  }
  noise.after = measureNoise();
  return {
    date: new Date().toISOString(),
    commit: await measuredCommit(path.dirname(here)),
    machine: { ...machine, postgres: server.version },
    noise,
    results,
  };
}

function log(line: string): void {
  process.stderr.write(`  ${line}\n`);
}

async function save(report: Awaited<ReturnType<typeof runAll>>): Promise<void> {
  const file = path.join(
    here,
    "results",
    `${report.date.slice(0, 10)}-${machineSlug(describeMachine())}.json`,
  );
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  log(`written to ${path.relative(process.cwd(), file)}`);
}
