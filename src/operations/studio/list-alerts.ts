/** What the monitoring beside this server says is wrong now, of the caller's tenant and of the installation. */
import { RefusalError } from "../../domain/refusal.ts";
import type { Alert } from "../../ports/alerts.ts";
import type { Caller, System } from "../system.ts";

export interface AlertsNow {
  /** False: no Prometheus or Alertmanager is asked. */
  configured: boolean;
  /** Why nothing can be told; absent where it can. */
  problem?: string;
  /** What would mend that. */
  next?: string;
  /** Firing ones first, then the newest. */
  alerts: Alert[];
}

export async function listAlerts({ alerts }: System, { tenantId }: Caller): Promise<AlertsNow> {
  if (alerts.source === undefined)
    return {
      configured: false,
      problem: "No Prometheus or Alertmanager is configured.",
      next: "Set CONNECTSOFT_ALERTS_URL to its address: docs/how-to/watch-delivery.md.",
      alerts: [],
    };
  try {
    const found = await alerts.list();
    const own = found.filter((alert) => alert.tenantId === undefined || alert.tenantId === tenantId);
    return { configured: true, alerts: own.sort(byUrgency) };
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    const { message, next } = error.refusal;
    return { configured: true, problem: message, ...(next !== undefined && { next }), alerts: [] };
  }
}

function byUrgency(a: Alert, b: Alert): number {
  return a.state === b.state ? (a.since < b.since ? 1 : -1) : a.state === "firing" ? -1 : 1;
}
