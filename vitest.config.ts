import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { SlowestFirst } from "./test/support/slowest-first.ts";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", "test/browser/**/*.browser.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    // Many tests wait for services to become healthy: two files more than there are processors.
    maxWorkers: availableParallelism() + 2,
    sequence: { sequencer: SlowestFirst },
    // A bound for what hangs, not a figure: a busy machine takes several times what an idle one takes.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    // On a shared machine a test may lose to its surroundings once; it is named at the end where it did.
    retry: process.env.CI === "true" ? 1 : 0,
    // A fact that is waited for comes late on a busy machine; only one that never comes is a failure.
    expect: { poll: { timeout: 30_000 } },
  },
});
