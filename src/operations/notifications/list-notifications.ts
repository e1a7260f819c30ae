/** What targets were told, what waits for them, and what was given up. */
import { z } from "zod";
import { type Channel, channelOf } from "../../domain/notification/notification-settings.ts";
import { slug } from "../../domain/scope.ts";
import type { NotificationRow, TargetState } from "../../ports/notifications.ts";
import type { Caller, System } from "../system.ts";

export type { NotificationRow };

export const listNotificationsInput = z.object({
  target: slug.optional(),
  state: z.enum(["waiting", "sent", "dead"]).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).optional(),
});

export interface NotificationList {
  targets: (Omit<TargetState, "tenantId" | "paused"> & { channel: Channel; on: string[] })[];
  notifications: NotificationRow[];
}

export async function listNotifications(
  system: System,
  caller: Caller,
  { target: targetId, state, limit }: z.output<typeof listNotificationsInput>,
): Promise<NotificationList> {
  const { tenantId } = caller;
  const query = { ...(targetId && { targetId }), ...(state && { state }), ...(limit && { limit }) };
  const [tenant, states, notifications] = await Promise.all([
    system.tenants.get(tenantId),
    system.notifications.states(tenantId),
    system.notifications.list(tenantId, query),
  ]);
  const fresh = { waiting: 0, sent: 0, dead: 0, failures: 0 };
  const targets = tenant.notifications
    .filter(({ id }) => targetId === undefined || id === targetId)
    .map(({ id, to, on }) => {
      const { tenantId: _, ...known } = states.find((one) => one.targetId === id) ?? { ...fresh, tenantId };
      return { ...known, targetId: id, channel: channelOf(to), on };
    });
  return { targets, notifications };
}
