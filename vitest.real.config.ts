import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { SlowestFirst } from "./test/support/slowest-first.ts";

/** What is tried with real peers and programs; slower, and what cannot be had is skipped with its reason. */
export default defineConfig({
  test: {
    include: ["test/real/**/*.real.ts"],
    globalSetup: ["test/real/support/go-seed.ts", "test/real/support/docker.ts"],
    // Downloads wait for registries, services for their health, builds for the processor: a few at once.
    maxConcurrency: 3,
    maxWorkers: availableParallelism() + 2,
    sequence: { sequencer: SlowestFirst },
    retry: process.env.CI === "true" ? 1 : 0,
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
