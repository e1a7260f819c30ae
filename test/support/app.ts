/** The HTTP interface of a test's system: ready, a fault in it fails the test, and so does an answer that the OpenAPI document does not tell. */
import { type AppOptions, createApp } from "../../src/http/create-app.ts";
import type { System } from "../../src/operations/system.ts";
import { heldToContract } from "./contract.ts";

export function appOf(system: System, more: Partial<AppOptions> = {}): ReturnType<typeof createApp> {
  const app = createApp({
    system,
    readiness: async () => undefined,
    metrics: async () => "",
    refused() {},
    api: true,
    version: "0.0.0",
    studio: "/nowhere",
    trustProxy: false,
    rateLimit: 0,
    secretOf: () => undefined,
    trouble(message, error) {
      throw new Error(message, { cause: error });
    },
    ...more,
  });
  const { fetch } = app;
  app.fetch = async (request, ...rest) => {
    const response = await fetch(request, ...rest);
    await heldToContract(request, response);
    return response;
  };
  return app;
}
