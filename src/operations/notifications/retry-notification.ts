/** Sends again what was given up. */
import { z } from "zod";
import { refuse } from "../../domain/refusal.ts";
import type { NotificationRow } from "../../ports/notifications.ts";
import type { Caller, System } from "../system.ts";

export const retryNotificationInput = z.object({
  notificationId: z
    .string()
    .regex(/^msg_[0-9a-f]{40}$/, "expected an id as connectsoft notification dead shows it"),
});

export async function retryNotification(
  system: System,
  caller: Caller,
  { notificationId }: z.output<typeof retryNotificationInput>,
): Promise<NotificationRow> {
  const revived = await system.notifications.revive(caller.tenantId, notificationId);
  if (revived !== undefined) return revived;
  throw refuse(
    "NotFound",
    `No notification ${notificationId} of ${caller.tenantId} was given up.`,
    "See which were: connectsoft notification dead",
  );
}
