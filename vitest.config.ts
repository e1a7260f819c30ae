import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A fact that is waited for comes late on a busy machine; only one that never comes is a failure.
    expect: { poll: { timeout: 30_000 } },
  },
});
