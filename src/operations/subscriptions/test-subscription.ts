/** Sends one message to a subscription's receiver at once, and says how it went: nothing is queued or tried again. */
import { z } from "zod";
import { isFitting } from "../../domain/cdevents/fitting.ts";
import type { EventName } from "../../domain/event/event-catalogue.ts";
import { sampleEvent } from "../../domain/event/sample-event.ts";
import { type Message, messageOf } from "../../domain/notification/message.ts";
import { namesOf } from "../../domain/subscription/event-pattern.ts";
import type { Receipt } from "../../ports/notifier.ts";
import type { SubscriptionRecord } from "../../ports/subscriptions.ts";
import { testMessage } from "../notifications/test-target.ts";
import type { Caller, System } from "../system.ts";
import { findSubscription, subscriptionInput } from "./find-subscription.ts";
import { subscribedTarget } from "./subscribed-target.ts";

export const testSubscriptionInput = subscriptionInput.extend({
  /** Sends the last one of this type on record, or a sample where there is none. Absent: an event that says it is a test. */
  event: z
    .string()
    .refine((name) => namesOf(name).length === 1, "expected one type of event, such as DeploymentCompleted")
    .optional(),
});

export interface SubscriptionTest {
  subscription: string;
  /** `recorded`: the last one of its type that happened. `sample`: none has, so it is made up, and says so. */
  what: "test" | "recorded" | "sample";
  notificationId: string;
  receipt: Receipt;
}

export async function testSubscription(
  system: System,
  caller: Caller,
  { subscription: id, event }: z.output<typeof testSubscriptionInput>,
): Promise<SubscriptionTest> {
  const record = await findSubscription(system, caller, id);
  const [name] = event === undefined ? [] : namesOf(event);
  const { what, message } =
    name === undefined
      ? { what: "test" as const, message: testMessage(system, caller, { kind: "subscription", id }) }
      : await eventOf(system, record, name);
  const tenant = await system.tenants.get(caller.tenantId);
  const { to, allowPrivate, reveal } = subscribedTarget(system, tenant, record);
  const letter = { to, allowPrivate, reveal, message };
  const receipt = await system.notifier.send(letter, new AbortController().signal);
  return { subscription: id, what, notificationId: message.id, receipt };
}

/** How many are looked through for one that its format has a type for. */
const looksBack = 20;

async function eventOf(
  system: System,
  { tenantId, spec }: SubscriptionRecord,
  name: EventName,
): Promise<{ what: "recorded" | "sample"; message: Message }> {
  const id = system.newId();
  const drafts = spec.cdevents?.drafts === true;
  const happened = await system.told.events({ tenantId, names: [name], limit: looksBack });
  const last = happened.find((event) => spec.format !== "cdevents" || isFitting(event, { drafts }));
  if (last !== undefined) return { what: "recorded", message: messageOf(`test_${id}`, last) };
  const { environments } = await system.tenants.get(tenantId);
  const environment = spec.environments?.[0] ?? environments.at(-1)?.id;
  const sample = sampleEvent(name, {
    ...{ tenantId, moduleId: spec.modules?.[0] ?? "sample", id, time: system.clock.now().toISOString() },
    ...(environment !== undefined && { environment }),
  });
  return { what: "sample", message: messageOf(`test_${id}`, sample) };
}
