/** Answers as a Prometheus does whose rules fire; the real one is in test/real/observability. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface FiringRule {
  alertname: string;
  severity: string;
  summary: string;
  next: string;
  /** Absent: of the installation. */
  tenant?: string;
  env?: string;
  state?: "firing" | "pending";
}

export interface Prometheus {
  url: string;
  close(): Promise<void>;
}

export async function startPrometheus(rules: readonly FiringRule[]): Promise<Prometheus> {
  const alerts = rules.map(({ summary, next, state = "firing", ...labels }) => ({
    labels: { service: "connectsoft-delivery", ...labels },
    annotations: { next, summary },
    state,
    activeAt: new Date(Date.now() - 120_000).toISOString(),
    value: "1e+00",
  }));
  const server = createServer((request, response) => {
    const isAsked = request.url === "/api/v1/alerts";
    response.writeHead(isAsked ? 200 : 404, { "content-type": "application/json" });
    response.end(isAsked ? JSON.stringify({ status: "success", data: { alerts } }) : "{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
