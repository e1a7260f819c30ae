/** Holds back what a subscription is told, and lets it go on. Nothing that happens meanwhile is lost unless it is skipped. */
import { z } from "zod";
import { refuse } from "../../domain/refusal.ts";
import type { SubscriptionRecord } from "../../ports/subscriptions.ts";
import { recordRegistration } from "../registrations/registrations.ts";
import type { Caller, System } from "../system.ts";
import { findSubscription, subscriptionInput } from "./find-subscription.ts";
import { type Subscription, shown } from "./show-subscription.ts";
import { subscribedTarget, targetIdOf } from "./subscribed-target.ts";

export const pauseSubscriptionInput = subscriptionInput.extend({
  reason: z.string().trim().min(1, "say why, for those who read the record").max(2_000),
});

export async function pauseSubscription(
  system: System,
  caller: Caller,
  { subscription: id, reason }: z.output<typeof pauseSubscriptionInput>,
): Promise<Subscription> {
  const record = await findSubscription(system, caller, id);
  const target = { tenantId: caller.tenantId, targetId: targetIdOf(id) };
  // Nobody may have looked since it was made.
  await system.notifications.open({ ...target, since: record.madeAt });
  if (!(await system.notifications.pause(target, { by: caller.person, reason }))) {
    const { paused } = await shownNow(system, record);
    throw refuse(
      "Conflict",
      `${id} is paused already: by ${paused?.by} since ${paused?.at} (${paused?.reason}).`,
      `Let it go on: connectsoft subscription resume ${id}`,
    );
  }
  await recordRegistration(system, caller, { act: "SubscriptionPaused", id, reason });
  return await shownNow(system, record);
}

export const resumeSubscriptionInput = subscriptionInput.extend({
  /** Leaves out what gathered so far. It stays among the deliveries, and each can be sent again. */
  skip: z.boolean().default(false),
  reason: z.string().trim().min(1).max(2_000).optional(),
});

export interface ResumedSubscription {
  subscription: Subscription;
  /** How many deliveries were left out. */
  skipped: number;
}

export async function resumeSubscription(
  system: System,
  caller: Caller,
  { subscription: id, skip, reason }: z.output<typeof resumeSubscriptionInput>,
): Promise<ResumedSubscription> {
  const record = await findSubscription(system, caller, id);
  if (skip) await gather(system, record);
  const target = { tenantId: caller.tenantId, targetId: targetIdOf(id) };
  const resumed = await system.notifications.resume(target, { skip });
  if (resumed === undefined)
    throw refuse("Conflict", `${id} is not paused.`, `See how it fares: connectsoft subscription show ${id}`);
  await recordRegistration(system, caller, { act: "SubscriptionResumed", id, reason, ...resumed });
  return { subscription: await shownNow(system, record), ...resumed };
}

/** What has happened and was not looked at yet has gathered, too. */
async function gather(system: System, record: SubscriptionRecord): Promise<void> {
  const { tenantId } = record;
  const { selection } = subscribedTarget(system, await system.tenants.get(tenantId), record);
  for (let more = true; more; ) ({ more } = await system.notifications.take(tenantId, [selection]));
}

async function shownNow({ notifications }: System, record: SubscriptionRecord): Promise<Subscription> {
  return shown(record, await notifications.states(record.tenantId));
}
