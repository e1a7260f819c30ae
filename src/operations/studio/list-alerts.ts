/** What the monitoring beside this server says is wrong now: of the caller's tenant, and of the installation to who administers it. */
import { RefusalError } from "../../domain/refusal.ts";
import type { Alert } from "../../ports/alerts.ts";
import { mayDo, type Possibility } from "../access/may-do.ts";
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
  /** Whether those without a tenant are among them, and why not. */
  ofInstallation: Possibility;
}

export async function listAlerts(system: System, caller: Caller): Promise<AlertsNow> {
  const { alerts } = system;
  // Hosts, queues and the database are everybody's: what is wrong with them is not for each tenant's people to read.
  const ofInstallation = await mayDo(system, caller, { action: "tenant" });
  if (alerts.source === undefined)
    return {
      configured: false,
      problem: "No Prometheus or Alertmanager is configured.",
      next: "Set CONNECTSOFT_ALERTS_URL to its address: docs/how-to/watch-delivery.md.",
      alerts: [],
      ofInstallation,
    };
  try {
    const isShown = ({ tenantId }: Alert) =>
      tenantId === undefined ? ofInstallation.allowed : tenantId === caller.tenantId;
    const shown = (await alerts.list()).filter(isShown).sort(byUrgency);
    return { configured: true, alerts: shown, ofInstallation };
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    const { message, next } = error.refusal;
    const problem = { problem: message, ...(next !== undefined && { next }) };
    return { configured: true, ...problem, alerts: [], ofInstallation };
  }
}

function byUrgency(a: Alert, b: Alert): number {
  return a.state === b.state ? (a.since < b.since ? 1 : -1) : a.state === "firing" ? -1 : 1;
}
