import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    // Many tests wait for services to become healthy: one file more than there are processors.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A fact that is waited for comes late on a busy machine; only one that never comes is a failure.
    expect: { poll: { timeout: 30_000 } },
  },
});
