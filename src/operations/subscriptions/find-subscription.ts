import { z } from "zod";
import { slug } from "../../domain/scope.ts";
import type { SubscriptionSpec } from "../../domain/subscription/subscription.ts";
import type { SubscriptionRecord } from "../../ports/subscriptions.ts";
import { findRegistration, type Kind } from "../registrations/registrations.ts";
import type { Caller, System } from "../system.ts";

export const subscriptionInput = z.object({ subscription: slug });

export const subscriptionKind: Kind<SubscriptionSpec, SubscriptionRecord> = {
  noun: "Subscription",
  kept: ({ subscriptions }) => subscriptions,
};

export async function findSubscription(
  system: System,
  caller: Caller,
  id: string,
): Promise<SubscriptionRecord> {
  return await findRegistration(subscriptionKind, { system, caller, id });
}
