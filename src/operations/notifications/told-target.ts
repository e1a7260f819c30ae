/** Whoever is told of events: by tenant.yaml, or by a subscription. What is done for them is the same. */
import { selectedEvents } from "../../domain/notification/event-selection.ts";
import {
  type Destination,
  type NotificationTarget,
  tellable,
} from "../../domain/notification/notification-settings.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import type { Selection } from "../../ports/notifications.ts";
import type { Letter } from "../../ports/notifier.ts";
import type { System } from "../system.ts";
import { declaredSince } from "./declared-since.ts";
import { revealerOf } from "./reveal-secret.ts";

export interface ToldTarget {
  selection: Selection;
  to: Destination;
  allowPrivate: boolean;
  attempts: number;
  reveal: Letter["reveal"];
  /** Since when it is to be told, ISO 8601. */
  since(): Promise<string>;
}

export function declaredTargets(
  { tenants, settings }: Pick<System, "tenants" | "settings">,
  { id: tenantId, notifications }: Tenant,
): ToldTarget[] {
  const reveal = revealerOf(settings, tenantId);
  return notifications.map((target) => ({
    selection: selectionOf(tenantId, target),
    to: target.to,
    allowPrivate: target.allowPrivate,
    attempts: target.attempts,
    reveal,
    since: () => declaredSince(tenants, { tenantId, targetId: target.id }),
  }));
}

function selectionOf(tenantId: string, target: NotificationTarget): Selection {
  const { id, to, on, environments, modules } = target;
  return {
    tenantId,
    targetId: id,
    names: tellable(to, selectedEvents(on)),
    ...(environments !== undefined && { environments }),
    ...(modules !== undefined && { modules }),
  };
}
