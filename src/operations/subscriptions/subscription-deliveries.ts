/** What a subscription was told, with each attempt and its answer; and once more what is asked for. */
import { z } from "zod";
import { refuse } from "../../domain/refusal.ts";
import type { Attempt, NotificationRow } from "../../ports/notifications.ts";
import type { Caller, System } from "../system.ts";
import { findSubscription, subscriptionInput } from "./find-subscription.ts";
import { targetIdOf } from "./subscribed-target.ts";

export const listSubscriptionDeliveriesInput = subscriptionInput.extend({
  state: z.enum(["waiting", "sent", "dead", "skipped"]).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
});

export interface SubscriptionDelivery extends Omit<NotificationRow, "targetId"> {
  /** Oldest first. */
  answers: Omit<Attempt, "notificationId">[];
}

export async function listSubscriptionDeliveries(
  system: System,
  caller: Caller,
  { subscription, state, limit }: z.output<typeof listSubscriptionDeliveriesInput>,
): Promise<{ deliveries: SubscriptionDelivery[] }> {
  await findSubscription(system, caller, subscription);
  const { tenantId } = caller;
  const query = { targetId: targetIdOf(subscription), limit, ...(state !== undefined && { state }) };
  return {
    deliveries: await withAnswers(system, tenantId, await system.notifications.list(tenantId, query)),
  };
}

export const redeliverInput = subscriptionInput.extend({
  delivery: z.string().regex(/^msg_[0-9a-f]{40}$/, "expected an id as the list of deliveries shows it"),
});

/** Under the id that it had, so that a receiver knows it again. */
export async function redeliver(
  system: System,
  caller: Caller,
  { subscription, delivery }: z.output<typeof redeliverInput>,
): Promise<SubscriptionDelivery> {
  await findSubscription(system, caller, subscription);
  const { tenantId } = caller;
  const which = { again: [delivery], targetId: targetIdOf(subscription) };
  const [row] = await withAnswers(system, tenantId, await system.notifications.revive(tenantId, which));
  if (row !== undefined) return row;
  throw refuse(
    "NotFound",
    `${subscription} has no delivery ${delivery} that has ended: it waits to be sent, or is not kept any more.`,
    `See what there is: connectsoft subscription deliveries ${subscription}`,
  );
}

async function withAnswers(
  { notifications }: Pick<System, "notifications">,
  tenantId: string,
  rows: NotificationRow[],
): Promise<SubscriptionDelivery[]> {
  const ids = rows.map(({ notificationId }) => notificationId);
  const attempts = Object.groupBy(
    await notifications.attempts(tenantId, ids),
    ({ notificationId }) => notificationId,
  );
  return rows.map(({ targetId: _, ...row }) => ({
    ...row,
    answers: (attempts[row.notificationId] ?? []).map(({ notificationId: _, ...attempt }) => attempt),
  }));
}
