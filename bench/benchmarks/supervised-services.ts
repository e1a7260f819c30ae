/** 200 small services on one host: what supervising and routing them costs us, and how fast a killed one is back. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Probe } from "../../src/domain/module/module-spec.ts";
import type { ReleaseSpec } from "../../src/ports/target.ts";
import type { Benchmark, BenchmarkContext } from "../support/benchmark.ts";
import {
  cpuSeconds,
  memoryMegabytes,
  type SupervisedHost,
  superviseHost,
} from "../support/supervised-host.ts";

const namespace = "bench-staging";
const startedTogether = 8;
const watchedMs = 10_000;

export const supervisedServices: Benchmark = {
  name: "supervised-services",
  title:
    "200 services on one host, probed every second: memory and processor time of ours, and kill -9 to serving again",
  async run(context) {
    const services = context.quick ? 10 : 200;
    const release = await mkdtemp(path.join(os.tmpdir(), "connectsoft-bench-release-"));
    await writeFile(path.join(release, "serve.pl"), server);
    const host = await superviseHost(release);
    try {
      await startAll(host, services, context);
      await pause(context.quick ? 1_000 : 15_000);
      const pids = await host.pids();
      const begun = { seconds: await cpuSeconds(pids), atMs: performance.now() };
      await pause(watchedMs);
      const share = ((await cpuSeconds(pids)) - begun.seconds) / ((performance.now() - begun.atMs) / 1000);
      const memory = await Promise.all(pids.map((pid) => memoryMegabytes([pid])));
      const backMs: number[] = [];
      for (let index = 0; index < 5; index += 1) backMs.push(await killAndWait(host, index));
      return {
        metrics: [
          {
            name: "memory of ours",
            unit: "MB",
            samples: [memory.reduce((sum, one) => sum + one, 0)],
            goal: { atMost: 100 },
          },
          { name: "processor of ours", unit: "cores", samples: [share], goal: { atMost: 0.5 } },
          {
            name: "kill -9 to serving again",
            unit: "s",
            samples: backMs.map((ms) => ms / 1000),
            goal: { atMost: 1 },
          },
        ],
        facts: { services, memoryByProcess: memory.map((one) => one.toFixed(1)).join(", ") },
      };
    } finally {
      await host.close();
      await rm(release, { recursive: true, force: true });
    }
  },
};

async function startAll(host: SupervisedHost, services: number, { log }: BenchmarkContext): Promise<void> {
  const { process: target } = host.targets;
  const began = performance.now();
  for (let first = 0; first < services; first += startedTogether) {
    const batch = Array.from({ length: Math.min(startedTogether, services - first) }, async (_, index) => {
      const spec = specOf(first + index);
      await target.start(spec, { signal: new AbortController().signal, progress: () => {} });
      await target.route(spec, [{ releaseId: spec.releaseId, weight: 100 }]);
    });
    await Promise.all(batch);
  }
  log(`${services} services serve after ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

async function killAndWait(host: SupervisedHost, index: number): Promise<number> {
  const spec = specOf(index);
  const [running] = await host.targets.process.list(spec);
  process.kill(running?.pid ?? 0, "SIGKILL");
  const killedMs = performance.now();
  const isBack = async () => {
    const [release] = await host.targets.process.list(spec);
    return (
      release?.restartCount === 1 && (await host.ask(`${spec.moduleId}.${namespace}.localhost`, "/")) === 200
    );
  };
  while (!(await isBack())) await pause(10);
  return performance.now() - killedMs;
}

function specOf(index: number): ReleaseSpec {
  const probe: Probe = {
    httpGet: { path: "/health" },
    initialDelaySeconds: 0,
    periodSeconds: 1,
    timeoutSeconds: 1,
    successThreshold: 1,
    failureThreshold: 3,
  };
  return {
    namespace,
    moduleId: `service-${index}`,
    releaseId: "release-000001",
    version: "1.0.0",
    artifact: "sha256:bench",
    start: ["perl", "serve.pl"],
    portVariable: "PORT",
    probes: { startup: { ...probe, failureThreshold: 60 }, readiness: probe, liveness: probe },
    hosts: [],
    environment: {},
    startupTimeoutMs: 60_000,
  };
}

/** The smallest service that a host has a language for: 200 of them leave room for what is measured. */
const server = `
use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => $ENV{PORT}, Listen => 16, ReuseAddr => 1) or die $!;
while (my $client = $server->accept) {
  while (my $line = <$client>) { last if $line =~ /^\\r?\\n$/ }
  print $client "HTTP/1.1 200 OK\\r\\ncontent-length: 2\\r\\nconnection: close\\r\\n\\r\\nok";
  close $client;
}
`;
