/** Tells this host how much of what its services write is kept, as tenant.yaml says now. A rollout tells it too. */
import { logLimitsOf } from "../../domain/environment/log-limits.ts";
import { targetNames } from "../../domain/tenant/tenant.ts";
import type { System } from "../system.ts";

export interface LogLimitsFollower {
  /** One round. Rejects where the supervisor or the database is away. */
  look(): Promise<void>;
}

export function createLogLimitsFollower({
  targets,
  ledger,
  tenants,
}: Pick<System, "targets" | "ledger" | "tenants">): LogLimitsFollower {
  /** What was said last, by namespace. */
  const said = new Map<string, string>();

  return {
    async look() {
      for (const name of targetNames) {
        const live = await targets[name].survey();
        const namespaces = new Map(live.map((release) => [release.namespace, release]));
        for (const [namespace, release] of namespaces) {
          const place = await ledger.findRunning(release);
          if (place === undefined) continue;
          const limits = logLimitsOf(await tenants.get(place.tenantId), place.environment);
          const words = JSON.stringify(limits);
          if (said.get(namespace) === words) continue;
          await targets[name].keepLogs(namespace, limits);
          said.set(namespace, words);
        }
      }
    },
  };
}
