import { z } from "zod";
import { refuse } from "../../domain/refusal.ts";
import { slug } from "../../domain/scope.ts";
import type { SubscriptionRecord } from "../../ports/subscriptions.ts";
import type { Caller, System } from "../system.ts";

export const subscriptionInput = z.object({ subscription: slug });

export async function findSubscription(
  { subscriptions }: Pick<System, "subscriptions">,
  { tenantId }: Pick<Caller, "tenantId">,
  id: string,
): Promise<SubscriptionRecord> {
  return (await subscriptions.get({ tenantId, id })) ?? missing(tenantId, id);
}

export function missing(tenantId: string, id: string): never {
  throw refuse(
    "NotFound",
    `${tenantId} has no subscription ${id}.`,
    "See what there is: connectsoft subscription ls",
  );
}
