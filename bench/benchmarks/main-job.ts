/**
 * The main job, warm: from `connectsoft deliver` to a healthy staging. Our own share is the wall time in which
 * no git, npm or test process runs that the server started, less what the service itself needs to be ready and
 * less the time for which the rollout plan has the service watched under traffic.
 */
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { parse } from "yaml";
import { createInstallation, type Installation } from "../../test/e2e/support/installation.ts";
import type { Benchmark } from "../support/benchmark.ts";
import { covered, type Interval } from "../support/intervals.ts";
import { serviceStartMs } from "../support/service-start.ts";

const example = path.resolve(import.meta.dirname, "../../examples/booking-service");
const recorder = new URL("../support/record-children.ts", import.meta.url).href;

export const mainJob: Benchmark = {
  name: "main-job",
  title: "examples/booking-service, changed by a line, from hand-over to healthy staging on a warm server",
  async run(context) {
    const rounds = context.quick ? 1 : 7;
    const desk = await mkdtemp(path.join(os.tmpdir(), "connectsoft-bench-desk-"));
    const children = path.join(desk, "children.jsonl");
    const source = path.join(desk, "booking-service");
    await cp(example, source, { recursive: true });
    const serviceMs = await serviceStartMs(source);
    const site = await createInstallation({
      env: { NODE_OPTIONS: `--import ${recorder}`, CONNECTSOFT_BENCH_CHILDREN: children },
    });
    try {
      await deliver(site, source);
      const runs: Job[] = [];
      for (let round = 0; round < rounds; round += 1) {
        await appendFile(path.join(source, "src/main.js"), `// round ${round}\n`);
        await writeFile(children, "");
        const took = await deliver(site, source);
        const childMs = covered(await readChildren(children), took);
        const watchMs = await watchedFor(site, took.trace);
        const wallMs = took.ended - took.began;
        runs.push({ wallMs, childMs, watchMs, ownMs: wallMs - childMs - serviceMs - watchMs });
        context.log(
          `${wallMs} ms: git, npm and tests ${childMs}, the service ${serviceMs.toFixed(0)}, watched for ${watchMs}`,
        );
      }
      const seconds = (of: (job: Job) => number) => runs.map((job) => of(job) / 1000);
      return {
        metrics: [
          { name: "our own share", unit: "s", samples: seconds((job) => job.ownMs), goal: { atMost: 0.7 } },
          { name: "command to healthy staging", unit: "s", samples: seconds((job) => job.wallMs) },
          { name: "git, npm and tests", unit: "s", samples: seconds((job) => job.childMs) },
          { name: "watched under traffic, by plan", unit: "s", samples: seconds((job) => job.watchMs) },
          { name: "the service, start to ready", unit: "s", samples: [serviceMs / 1000] },
        ],
        facts: { processesADelivery: (await readChildren(children)).length },
      };
    } finally {
      await site.close();
      await rm(desk, { recursive: true, force: true });
    }
  },
};

interface Job {
  wallMs: number;
  childMs: number;
  watchMs: number;
  ownMs: number;
}

async function deliver(site: Installation, source: string): Promise<Interval & { trace: string }> {
  const began = Date.now();
  const { code, trace, events } = await site.deliver(source, ["--until", "staging"]);
  if (code !== 0) {
    const last = JSON.stringify(events.slice(-3).map(({ type, data }) => ({ type, data })));
    throw new Error(`connectsoft deliver ended with ${code}; the last of ${trace}: ${last}`);
  }
  return { began, ended: Date.now(), trace };
}

async function watchedFor(site: Installation, trace: string): Promise<number> {
  const plan = (await site.artifacts(trace)).find(
    ({ path: where }) => where.includes("/env-staging/") && where.endsWith("/RolloutPlan.yaml"),
  );
  if (plan === undefined) throw new Error(`${trace} has no rollout plan for staging`);
  const { timeouts } = parse(await site.artifact(trace, plan.path));
  return Number(timeouts.verifyMs);
}

async function readChildren(file: string): Promise<Interval[]> {
  const text = await readFile(file, "utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Interval);
}
