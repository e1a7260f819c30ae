/** Subscriptions as they are, with what waits for them. Their secrets are never shown again. */
import type { z } from "zod";
import { digestOf } from "../../domain/canonical-json.ts";
import { type SubscriptionSpec, selectionOf } from "../../domain/subscription/subscription.ts";
import type { TargetState } from "../../ports/notifications.ts";
import type { SubscriptionRecord } from "../../ports/subscriptions.ts";
import type { Caller, System } from "../system.ts";
import { findSubscription, type subscriptionInput } from "./find-subscription.ts";
import { targetIdOf } from "./subscribed-target.ts";

export interface Subscription
  extends SubscriptionSpec,
    Omit<SubscriptionRecord, "tenantId" | "spec">,
    Omit<TargetState, "tenantId" | "targetId"> {
  /** `paused`: nothing is sent. `failing`: it is not reached, or asks to be left alone for a while; it is tried again. */
  state: "active" | "failing" | "paused";
  /** Every type of event that it selects, artifacts and states among them. */
  selects: string[];
  /** Of what it says: sent back with a change, so that it replaces nothing that was not seen. */
  digest: string;
}

export async function listSubscriptions(
  system: System,
  { tenantId }: Caller,
): Promise<{ subscriptions: Subscription[] }> {
  const [records, states] = await Promise.all([
    system.subscriptions.list(tenantId),
    system.notifications.states(tenantId),
  ]);
  return { subscriptions: records.map((record) => shown(record, states)) };
}

export async function getSubscription(
  system: System,
  caller: Caller,
  { subscription }: z.output<typeof subscriptionInput>,
): Promise<Subscription> {
  const record = await findSubscription(system, caller, subscription);
  return shown(record, await system.notifications.states(caller.tenantId));
}

/** Without its states, one that nothing was ever sent for. */
export function shown(record: SubscriptionRecord, states: readonly TargetState[] = []): Subscription {
  const { tenantId: _, spec, ...rest } = record;
  const known = states.find(({ targetId }) => targetId === targetIdOf(record.id));
  const { waiting = 0, sent = 0, dead = 0, failures = 0, problem, resumeAt, paused } = known ?? {};
  return {
    ...spec,
    ...rest,
    state: paused !== undefined ? "paused" : failures > 0 ? "failing" : "active",
    selects: selectionOf(spec).names,
    digest: digestOf(spec),
    ...{ waiting, sent, dead, failures },
    ...(problem !== undefined && { problem }),
    ...(resumeAt !== undefined && { resumeAt }),
    ...(paused !== undefined && { paused }),
  };
}
