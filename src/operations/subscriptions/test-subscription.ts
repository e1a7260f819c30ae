/** Sends one message to a subscription's receiver at once, and says how it went: nothing is queued or tried again. */
import { z } from "zod";
import type { EventName } from "../../domain/event/event-catalogue.ts";
import { type Message, messageOf } from "../../domain/notification/message.ts";
import { namesOf } from "../../domain/subscription/event-pattern.ts";
import type { Receipt } from "../../ports/notifier.ts";
import { testMessage } from "../notifications/test-target.ts";
import type { Caller, System } from "../system.ts";
import { findSubscription, subscriptionInput } from "./find-subscription.ts";
import { subscribedTarget } from "./subscribed-target.ts";

export const testSubscriptionInput = subscriptionInput.extend({
  /** Sends the last one of this type that happened in the tenant. Absent: an event that says it is a test. */
  event: z
    .string()
    .refine((name) => namesOf(name).length === 1, "expected one type of event, such as DeploymentCompleted")
    .optional(),
});

export interface SubscriptionTest {
  subscription: string;
  /** Absent where nothing was sent. */
  notificationId?: string;
  receipt: Receipt;
}

export async function testSubscription(
  system: System,
  caller: Caller,
  { subscription: id, event }: z.output<typeof testSubscriptionInput>,
): Promise<SubscriptionTest> {
  const record = await findSubscription(system, caller, id);
  const [name] = event === undefined ? [] : namesOf(event);
  const message =
    name === undefined
      ? testMessage(system, caller, `the subscription ${id}`)
      : await lastOf(system, caller, name);
  if (message === undefined)
    return { subscription: id, receipt: unsent(`nothing was sent: no ${name} is on record to send again`) };
  const tenant = await system.tenants.get(caller.tenantId);
  const { to, allowPrivate, reveal } = subscribedTarget(system, tenant, record);
  const letter = { to, allowPrivate, reveal, message };
  const receipt = await system.notifier.send(letter, new AbortController().signal);
  return { subscription: id, notificationId: message.id, receipt };
}

async function lastOf(system: System, { tenantId }: Caller, name: EventName): Promise<Message | undefined> {
  const [event] = await system.told.events({ tenantId, names: [name], limit: 1 });
  return event === undefined ? undefined : messageOf(`test_${system.newId()}`, event);
}

function unsent(problem: string): Receipt {
  return { status: "failed", problem, final: true };
}
