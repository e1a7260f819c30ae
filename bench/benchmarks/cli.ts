/** How long a person waits for the command line, beside a Node that does nothing. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInstallation } from "../../test/e2e/support/installation.ts";
import type { Benchmark } from "../support/benchmark.ts";
import { median } from "../support/statistics.ts";

export const commandLine: Benchmark = {
  name: "cli",
  title: "the command line, 20 runs a sample",
  async run(context) {
    const rounds = context.quick ? 1 : 3;
    const runs = context.quick ? 3 : 20;
    const site = await createInstallation();
    const help: number[] = [];
    const status: number[] = [];
    const nothing: number[] = [];
    try {
      await site.ok(["status"]);
      for (let round = 0; round < rounds; round += 1) {
        nothing.push(await p50(runs, doNothing));
        help.push(await p50(runs, () => site.ok(["--help"])));
        status.push(await p50(runs, () => site.ok(["status"])));
      }
    } finally {
      await site.close();
    }
    return {
      metrics: [
        { name: "node -e 0", unit: "ms", samples: nothing },
        { name: "connectsoft --help", unit: "ms", samples: help, goal: { atMost: 150 } },
        { name: "connectsoft status, server running", unit: "ms", samples: status, goal: { atMost: 250 } },
      ],
      facts: { runsASample: runs },
    };
  },
};

async function p50(runs: number, run: () => Promise<unknown>): Promise<number> {
  const samples: number[] = [];
  for (let nth = 0; nth < runs; nth += 1) {
    const began = performance.now();
    await run();
    samples.push(performance.now() - began);
  }
  return median(samples);
}

async function doNothing(): Promise<void> {
  await once(spawn(process.execPath, ["-e", "0"], { stdio: "ignore" }), "exit");
}
