/**
 * A rollout of the example at the target, warm: started beside what serves, and traffic moved. Our own share is
 * the time until it serves, less what the service itself needs from its start to its first ready answer.
 */
import { cp, mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { Probe } from "../../src/domain/module/module-spec.ts";
import type { ReleaseSpec } from "../../src/ports/target.ts";
import type { Benchmark } from "../support/benchmark.ts";
import { serviceStartMs } from "../support/service-start.ts";
import { superviseHost } from "../support/supervised-host.ts";

const example = path.resolve(import.meta.dirname, "../../examples/booking-service");
const host = "booking-service.bench-staging.localhost";

export const rollout: Benchmark = {
  name: "rollout",
  title: "examples/booking-service on the process target, warm: from start to switched",
  async run(context) {
    const rounds = context.quick ? 2 : 15;
    const watch = { signal: new AbortController().signal, progress: () => {} };
    const desk = await mkdtemp(path.join(os.tmpdir(), "connectsoft-bench-desk-"));
    await cp(example, desk, { recursive: true });
    const serviceMs = await serviceStartMs(desk);
    const { targets, ask, close } = await superviseHost(example);
    const target = targets.process;
    const totals: number[] = [];
    const ended: number[] = [];
    try {
      for (let round = 0; round <= rounds; round += 1) {
        const spec = specOf(`release-${String(round).padStart(6, "0")}`);
        const began = performance.now();
        const started = await target.start(spec, watch);
        if (started.state !== "ready") throw new Error(`${started.reason}: ${started.logTail}`);
        await target.route(spec, [{ releaseId: spec.releaseId, weight: 100 }]);
        const served = performance.now();
        if ((await ask(host, "/health/ready")) !== 200) throw new Error(`${spec.releaseId} does not serve`);
        if (round === 0) continue;
        await target.retire(specOf(`release-${String(round - 1).padStart(6, "0")}`));
        totals.push(served - began);
        ended.push(performance.now() - served);
        context.log(`${(served - began).toFixed(0)} ms, of which the service ${started.startupTimeMs} ms`);
      }
    } finally {
      await close();
      await rm(desk, { recursive: true, force: true });
    }
    return {
      metrics: [
        {
          name: "our own share",
          unit: "ms",
          samples: totals.map((ms) => ms - serviceMs),
          goal: { atMost: 300 },
        },
        { name: "start to switched", unit: "ms", samples: totals },
        { name: "the service, start to ready", unit: "ms", samples: [serviceMs] },
        { name: "drain and end of the one before", unit: "ms", samples: ended },
      ],
      facts: { rounds },
    };
  },
};

function specOf(releaseId: string): ReleaseSpec {
  const probe = (at: string, periodSeconds: number): Probe => ({
    httpGet: { path: at },
    initialDelaySeconds: 0,
    periodSeconds,
    timeoutSeconds: 1,
    successThreshold: 1,
    failureThreshold: 100,
  });
  return {
    namespace: "bench-staging",
    moduleId: "booking-service",
    releaseId,
    version: "1.0.0",
    artifact: "sha256:bench",
    // Its release directory is read-only; a delivery gives it storage, here its home has to do.
    start: ["sh", "-c", 'DATA_DIR="$HOME/data" exec node src/main.js'],
    portVariable: "PORT",
    probes: {
      startup: probe("/health/live", 0.1),
      readiness: probe("/health/ready", 0.1),
      liveness: probe("/health/live", 1),
    },
    hosts: [],
    environment: {},
    startupTimeoutMs: 60_000,
  };
}
