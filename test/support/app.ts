/** The HTTP interface of a test's system: ready, and a fault in it fails the test. */
import { type AppOptions, createApp } from "../../src/http/create-app.ts";
import type { System } from "../../src/operations/system.ts";

export function appOf(system: System, more: Partial<AppOptions> = {}): ReturnType<typeof createApp> {
  return createApp({
    system,
    readiness: async () => undefined,
    metrics: async () => "",
    refused() {},
    api: true,
    version: "0.0.0",
    studio: "/nowhere",
    trustProxy: false,
    trouble(message, error) {
      throw new Error(message, { cause: error });
    },
    ...more,
  });
}
