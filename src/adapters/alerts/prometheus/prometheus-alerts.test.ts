/** What an Alertmanager and a Prometheus answer, by a server that answers so; the real one is in test/real/observability. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPrometheusAlerts } from "./prometheus-alerts.ts";

const labels = {
  alertname: "RollbackInProduction",
  service: "connectsoft-delivery",
  severity: "warning",
  tenant: "acme",
};
const annotations = { summary: "A release is being taken back.", next: "See why." };
const foreign = { labels: { ...labels, service: "shop" }, annotations, startsAt: "2025-05-23T10:00:00Z" };
const answers: Record<string, unknown> = {
  "/managed/api/v2/alerts": [
    { labels, annotations, startsAt: "2025-05-23T10:00:00Z", status: { state: "active" } },
    { labels, annotations, startsAt: "2025-05-23T10:00:00Z", status: { state: "suppressed" } },
    { ...foreign, status: { state: "active" } },
  ],
  "/rules/api/v1/alerts": {
    data: { alerts: [{ labels, annotations, state: "pending", activeAt: "2025-05-23T10:00:00Z" }] },
  },
  "/broken/api/v1/alerts": { data: {} },
};

const server = createServer((request, response) => {
  const answer = answers[request.url ?? ""];
  response.writeHead(answer === undefined ? 404 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(answer ?? {}));
});
let base: string;
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const alert = {
  ...{
    name: "RollbackInProduction",
    severity: "warning",
    summary: "A release is being taken back.",
    next: "See why.",
  },
  ...{ tenantId: "acme", since: "2025-05-23T10:00:00.000Z" },
};

describe("alerts", () => {
  test("of an Alertmanager are those that are active and ours", async () => {
    expect(await createPrometheusAlerts(`${base}/managed/`).list()).toEqual([{ ...alert, state: "firing" }]);
  });

  test("of a Prometheus are told with their state", async () => {
    expect(await createPrometheusAlerts(`${base}/rules`).list()).toEqual([{ ...alert, state: "pending" }]);
  });

  test.each(["/broken", "/neither"])(
    "of what answers otherwise, as %s does, cannot be told",
    async (place) => {
      await expect(createPrometheusAlerts(base + place).list()).rejects.toThrow(/Unavailable/);
    },
  );

  test("are none where none is configured", async () => {
    const alerts = createPrometheusAlerts(undefined);
    expect([alerts.source, await alerts.list()]).toEqual([undefined, []]);
  });
});
