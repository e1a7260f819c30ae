/** What the monitoring beside this server says is wrong now: of the caller's tenant, and of the installation to who administers it. */
import type { Tone } from "../../domain/delivery/state-words.ts";
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
  /** Firing ones first, of those the worst, then the newest. */
  alerts: ShownAlert[];
  /** Whether those without a tenant are among them, and why not. */
  ofInstallation: Possibility;
}

export interface ShownAlert extends Alert {
  /** By its severity while it fires. */
  tone: Tone;
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
    const shown = (await alerts.list()).filter(isShown).sort(byUrgency).map(withTone);
    return { configured: true, alerts: shown, ofInstallation };
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    const { message, next } = error.refusal;
    const problem = { problem: message, ...(next !== undefined && { next }) };
    return { configured: true, ...problem, alerts: [], ofInstallation };
  }
}

/** Words that rules of Prometheus commonly have for it, the worst last; another one is as good as none. */
const severities = [["info"], ["warning", "warn"], ["critical", "error", "page"]];
const tones: Tone[] = ["neutral", "warning", "danger"];

function withTone(alert: Alert): ShownAlert {
  const tone = alert.state === "firing" ? tones[severityOf(alert)] : undefined;
  return { ...alert, tone: tone ?? "neutral" };
}

function byUrgency(a: Alert, b: Alert): number {
  if (a.state !== b.state) return a.state === "firing" ? -1 : 1;
  return severityOf(b) - severityOf(a) || (a.since < b.since ? 1 : -1);
}

function severityOf({ severity }: Alert): number {
  return Math.max(
    0,
    severities.findIndex((words) => words.includes(severity.toLowerCase())),
  );
}
