/** What the router carries and adds, beside nginx in front of the same service; and switches under load. */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { openRouter } from "../../src/adapters/target/local/router/open-router.ts";
import type { RouterControl } from "../../src/adapters/target/local/router/router-control.ts";
import { routerPlace } from "../../src/adapters/target/local/router/router-place.ts";
import { findRouters } from "../../src/adapters/target/local/router/router-process.ts";
import type { Benchmark, BenchmarkContext, BenchmarkResult, Metric } from "../support/benchmark.ts";
import { type Nginx, startNginx } from "../support/nginx.ts";
import { type Program, startProgram } from "../support/program.ts";
import { median } from "../support/statistics.ts";
import { hasWrk, requestsASecond } from "../support/wrk.ts";

const service = new URL("../programs/router-service.ts", import.meta.url);
const load = new URL("../programs/router-load.ts", import.meta.url);
const latency = new URL("../programs/router-latency.ts", import.meta.url);
const host = "shop.localhost";
const switchRate = 2_000;

interface Site {
  router: RouterControl;
  directory: string;
  nginx: Nginx | undefined;
  services: Program[];
  ports: number[];
}

export const router: Benchmark = {
  name: "router",
  title: "the router, 1 KiB answers, 64 kept connections",
  async run(context) {
    const site = await open();
    try {
      return await measure(site, context);
    } finally {
      await close(site);
    }
  },
};

async function measure(site: Site, { quick, log }: BenchmarkContext): Promise<BenchmarkResult> {
  const [rounds, seconds] = quick ? [1, 1] : [3, 5];
  const direct: number[] = [];
  const theirs: number[] = [];
  const ours: number[] = [];
  await routeTo(site, 0, 1);
  const idle = await memoryMiB(site.directory);
  if (await hasWrk()) {
    await requestsASecond(site.router.port, host, seconds);
    for (let round = 0; round < rounds; round += 1) {
      direct.push(await requestsASecond(site.ports[0] ?? 0, host, seconds));
      if (site.nginx !== undefined) theirs.push(await requestsASecond(site.nginx.port, host, seconds));
      ours.push(await requestsASecond(site.router.port, host, seconds));
    }
  } else log("wrk is not installed: what the router carries is not measured");
  if (site.nginx === undefined) log("nginx is not installed: there is nothing to hold the router against");
  const limit = ours.length > 0 ? median(ours) : switchRate * 3;
  const rate = Math.round(limit / 3);
  const added = await addedAtP99(site, rate, quick ? 4 : 40);
  const switched = await switchUnderLoad(site, quick ? 1 : 10);
  const metrics: Metric[] = [
    { name: "requests/s, the service alone", unit: "/s", samples: direct },
    { name: "requests/s, nginx", unit: "/s", samples: theirs },
    { name: "requests/s, the router", unit: "/s", samples: ours },
    {
      name: "the router's share of nginx's",
      unit: "",
      samples: shares(ours, theirs),
      goal: { atLeast: 1 / 3 },
    },
    { name: `added at p99, ${rate} requests/s`, unit: "ms", samples: added.routed, goal: { atMost: 2 } },
    { name: "the same, nginx", unit: "ms", samples: added.proxied },
    { name: "the same without a router: noise", unit: "ms", samples: added.noise },
    { name: "p99, the service alone", unit: "ms", samples: added.directMs },
    { name: "p99, the router", unit: "ms", samples: added.routedMs },
    { name: "failed while switching", unit: "requests", samples: [switched.failed], goal: { atMost: 0 } },
    {
      name: "requests/s while switching",
      unit: "/s",
      samples: [switched.rate],
      goal: { atLeast: switchRate * 0.99 },
    },
    { name: "memory, before load", unit: "MiB", samples: [idle] },
    { name: "memory, after load", unit: "MiB", samples: [await memoryMiB(site.directory)] },
  ];
  return {
    metrics: metrics.filter(({ samples }) => samples.length > 0),
    facts: { switches: switched.switches, nginx: site.nginx !== undefined, secondsASample: seconds },
  };
}

/** Round by round: the router's p99, and the service's own a moment later, less the service's own a moment before. */
async function addedAtP99(site: Site, rate: number, rounds: number) {
  const [servicePort = 0] = site.ports;
  const input = {
    servicePort,
    routerPort: site.router.port,
    ...(site.nginx !== undefined && { nginxPort: site.nginx.port }),
    host,
    connections: 64,
    rate,
    rounds,
    seconds: 0.5,
  };
  const said = await startProgram(latency, input, { timeoutMs: 300_000 }).next("result");
  const { directMs, routedMs, nginxMs, againMs } = said as unknown as Record<
    "directMs" | "routedMs" | "nginxMs" | "againMs",
    number[]
  >;
  const less = (samples: number[]) => samples.map((ms, round) => ms - (directMs[round] ?? Number.NaN));
  return { directMs, routedMs, routed: less(routedMs), proxied: less(nginxMs), noise: less(againMs) };
}

async function switchUnderLoad(site: Site, seconds: number) {
  let done = false;
  let switches = 0;
  const under = askAtRate(site.router.port, switchRate, seconds).finally(() => {
    done = true;
  });
  while (!done) {
    const now = (switches + 1) % 2;
    await routeTo(site, now, switches + 2);
    await site.router.drain([`release-${1 - now}`], 10_000);
    switches += 1;
    await pause(100);
  }
  return { ...(await under), switches };
}

async function askAtRate(port: number, rate: number, seconds: number) {
  const input = { port, host, rate, seconds, connections: 64 };
  const result = await startProgram(load, input, { timeoutMs: 120_000 }).next("result");
  return result as unknown as { failed: number; rate: number };
}

async function routeTo(site: Site, index: number, version: number): Promise<void> {
  const release = `release-${index}`;
  const at = { address: "127.0.0.1", port: site.ports[index] ?? 0, protocol: "http" } as const;
  const backends = [{ id: release, release, ...at, weight: 100, up: true }];
  await site.router.apply({ version, routes: [{ place: "bench/shop", hosts: [host], paths: [], backends }] });
}

async function open(): Promise<Site> {
  const services = [0, 1].map(() => startProgram(service, {}, { timeoutMs: 600_000 }));
  const ports = await Promise.all(services.map(async (one) => Number((await one.next("ready")).port)));
  const directory = await mkdtemp(path.join(tmpdir(), "connectsoft-bench-router-"));
  const opened = await openRouter({ directory, port: 0 });
  return { router: opened, directory, nginx: await startNginx(ports[0] ?? 0), services, ports };
}

async function close(site: Site): Promise<void> {
  await site.router.stop();
  await site.nginx?.stop();
  for (const one of site.services) await one.kill("SIGKILL");
  await rm(site.directory, { recursive: true, force: true });
}

/** Of all router processes: what they share with others is divided among them. */
async function memoryMiB(directory: string): Promise<number> {
  const routers = await findRouters(routerPlace(directory), 5_000);
  const sizes = routers.map(async ({ status }) => {
    const text = await readFile(`/proc/${status.pid}/smaps_rollup`, "utf8");
    return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? Number.NaN) / 1024;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function shares(ours: number[], theirs: number[]): number[] {
  return ours.flatMap((rate, round) => (theirs[round] === undefined ? [] : [rate / theirs[round]]));
}
