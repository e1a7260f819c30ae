import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    // Most of a run is waiting, for services to become healthy above all: twice as many files as processors.
    maxWorkers: 2 * availableParallelism(),
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A fact that is waited for comes late on a busy machine; only one that never comes is a failure.
    expect: { poll: { timeout: 30_000 } },
  },
});
