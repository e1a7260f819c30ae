/** Sends again what was given up: those that are named, or all. */
import { z } from "zod";
import { refuse } from "../../domain/refusal.ts";
import { slug } from "../../domain/scope.ts";
import type { NotificationRow } from "../../ports/notifications.ts";
import type { Caller, System } from "../system.ts";

const notificationId = z
  .string()
  .regex(/^msg_[0-9a-f]{40}$/, "expected an id as connectsoft notification dead shows it");

/** `ids`, or `all` (of one target where it is named): one of both. */
export const retryNotificationsInput = z.object({
  ids: z.array(notificationId).min(1).max(1_000).optional(),
  all: z.boolean().optional(),
  target: slug.optional(),
});

export interface RetriedNotifications {
  retried: NotificationRow[];
  /** Named, and not among those that were given up. */
  notFound: string[];
}

export async function retryNotifications(
  system: System,
  { tenantId }: Caller,
  { ids, all, target }: z.output<typeof retryNotificationsInput>,
): Promise<RetriedNotifications> {
  if ((ids === undefined) !== (all === true) || (ids !== undefined && target !== undefined))
    throw refuse(
      "InputInvalid",
      "Expected the ids of notifications, or all of them (of one target, where it is named).",
      "connectsoft notification retry <id>..., or connectsoft notification retry --all",
    );
  const which =
    ids === undefined ? { all: true as const, ...(target !== undefined && { targetId: target }) } : { ids };
  const retried = await system.notifications.revive(tenantId, which);
  const found = new Set(retried.map((row) => row.notificationId));
  const notFound = (ids ?? []).filter((id) => !found.has(id));
  if (ids === undefined || retried.length > 0) return { retried, notFound };
  throw refuse(
    "NotFound",
    `No notification ${notFound.join(", ")} of ${tenantId} was given up.`,
    "See which were: connectsoft notification dead",
  );
}
