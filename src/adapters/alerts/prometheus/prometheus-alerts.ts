/** Alerts of a Prometheus, or of an Alertmanager: which of the two it is shows in what it answers. */
import { z } from "zod";
import { refuse } from "../../../domain/refusal.ts";
import type { Alert, Alerts } from "../../../ports/alerts.ts";

const words = z.record(z.string(), z.string());
const prometheusSchema = z.object({
  data: z.object({
    alerts: z.array(z.object({ labels: words, annotations: words, state: z.string(), activeAt: z.string() })),
  }),
});
const alertmanagerSchema = z.array(
  z.object({
    labels: words,
    annotations: words,
    startsAt: z.string(),
    status: z.object({ state: z.string() }),
  }),
);

const service = "connectsoft-delivery";
const timeoutMs = 3_000;

/** `url`: its base, such as `http://prometheus:9090`. */
export function createPrometheusAlerts(url: string | undefined): Alerts {
  const base = url?.replace(/\/+$/, "");
  return {
    source: base,
    async list() {
      if (base === undefined) return [];
      const found = await ask(`${base}/api/v1/alerts`);
      if (found !== undefined) {
        const { alerts } = read(base, prometheusSchema, found).data;
        return alerts.filter(isOurs).map(({ activeAt, ...one }) => alertOf({ ...one, since: activeAt }));
      }
      return read(base, alertmanagerSchema, await ask(`${base}/api/v2/alerts`))
        .filter(({ status, ...one }) => status.state === "active" && isOurs(one))
        .map(({ startsAt, ...one }) => alertOf({ ...one, state: "firing", since: startsAt }));
    },
  };
}

/** Undefined where there is no such place, or none any more. */
async function ask(place: string): Promise<unknown> {
  try {
    const response = await fetch(place, { signal: AbortSignal.timeout(timeoutMs), redirect: "error" });
    if (response.status === 404 || response.status === 410) return undefined;
    if (response.ok) return await response.json();
    throw new Error(`it answered ${response.status}`);
  } catch (error) {
    throw silent(place, error instanceof Error ? error.message : String(error));
  }
}

function read<Schema extends z.ZodType>(base: string, schema: Schema, found: unknown): z.output<Schema> {
  const parsed = schema.safeParse(found);
  if (parsed.success) return parsed.data;
  throw silent(base, "what it answers is not that of a Prometheus or an Alertmanager");
}

function silent(place: string, why: string): Error {
  return refuse(
    "Unavailable",
    `${new URL(place).origin} does not tell its alerts: ${why}.`,
    "Check that it runs, and CONNECTSOFT_ALERTS_URL.",
  );
}

function isOurs({ labels }: { labels: Record<string, string> }): boolean {
  return labels.service === service;
}

function alertOf({
  labels,
  annotations,
  state,
  since,
}: {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  state: string;
  since: string;
}): Alert {
  const { alertname = "", severity = "none", tenant, env } = labels;
  const { summary = alertname, next } = annotations;
  return {
    ...{ name: alertname, severity, summary },
    state: state === "firing" ? "firing" : "pending",
    since: new Date(since).toISOString(),
    ...(next !== undefined && { next }),
    ...(tenant !== undefined && tenant !== "" && { tenantId: tenant }),
    ...(env !== undefined && env !== "" && { environment: env }),
  };
}
