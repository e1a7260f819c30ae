/** The HTTP interface of a test's system: ready, and a fault in it fails the test. */
import { createApp } from "../../src/http/create-app.ts";
import type { System } from "../../src/operations/system.ts";

export function appOf(system: System): ReturnType<typeof createApp> {
  return createApp({
    system,
    readiness: async () => undefined,
    metrics: async () => "",
    refused() {},
    api: true,
    trouble(_message, error) {
      throw error;
    },
  });
}
