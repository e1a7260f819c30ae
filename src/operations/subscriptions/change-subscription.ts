/** Makes, changes and ends subscriptions. A secret is shown by what made it, once. */
import { z } from "zod";
import { formatDuration, parseDuration } from "../../domain/flow/duration.ts";
import type { JournalAct } from "../../domain/journal/journal-entry.ts";
import type { JsonObject } from "../../domain/json.ts";
import { refuse } from "../../domain/refusal.ts";
import { slug } from "../../domain/scope.ts";
import { signingSecretSchema } from "../../domain/subscription/signing-secret.ts";
import { type SubscriptionSpec, subscriptionSpecSchema } from "../../domain/subscription/subscription.ts";
import type { Caller, System } from "../system.ts";
import { checkSpec } from "./check-spec.ts";
import { findSubscription, missing, subscriptionInput } from "./find-subscription.ts";
import { type Subscription, shown } from "./show-subscription.ts";
import { targetIdOf } from "./subscribed-target.ts";

/** Of one tenant: each costs a look at every chain that grows. */
const most = 200;
const longestOverlap = "7d";

export interface SubscriptionWithSecret {
  subscription: Subscription;
  /** Shown this once. */
  secret: string;
}

export const createSubscriptionInput = subscriptionSpecSchema.extend({
  /** Its name, by which it is called from here on. */
  id: slug,
  /** Absent: one is made. */
  secret: signingSecretSchema.optional(),
});

export async function createSubscription(
  system: System,
  caller: Caller,
  { id, secret: given, ...spec }: z.output<typeof createSubscriptionInput>,
): Promise<SubscriptionWithSecret> {
  await checkSpec(system, caller, spec);
  const { tenantId, person } = caller;
  if ((await system.subscriptions.list(tenantId)).length >= most)
    throw refuse(
      "Conflict",
      `${tenantId} has ${most} subscriptions already.`,
      "Remove one that nobody needs.",
    );
  const secret = given ?? system.subscriptions.mintSecret();
  if (!(await system.subscriptions.add({ tenantId, id }, { spec, secret, by: person })))
    throw refuse(
      "Conflict",
      `${tenantId} has a subscription ${id} already.`,
      `Change it, or give the new one another id: connectsoft subscription show ${id}`,
    );
  await record(system, caller, { act: "SubscriptionMade", id, spec });
  return { subscription: shown(await findSubscription(system, caller, id)), secret };
}

export const updateSubscriptionInput = subscriptionSpecSchema.extend(subscriptionInput.shape);

/** Replaces what it says; what is left out is as for a new one. Its secret and its place in each chain stay. */
export async function updateSubscription(
  system: System,
  caller: Caller,
  { subscription: id, ...spec }: z.output<typeof updateSubscriptionInput>,
): Promise<Subscription> {
  await findSubscription(system, caller, id);
  await checkSpec(system, caller, spec);
  const { tenantId, person } = caller;
  const changed = await system.subscriptions.change({ tenantId, id }, { spec, by: person });
  await record(system, caller, { act: "SubscriptionChanged", id, spec });
  return shown(changed ?? missing(tenantId, id), await system.notifications.states(tenantId));
}

export const rotateSubscriptionInput = subscriptionInput.extend({
  secret: signingSecretSchema.optional(),
  /** How long the secret so far signs too. */
  overlap: z.string().max(20).default("24h"),
});

export async function rotateSubscriptionSecret(
  system: System,
  caller: Caller,
  { subscription: id, secret: given, overlap }: z.output<typeof rotateSubscriptionInput>,
): Promise<SubscriptionWithSecret> {
  const { tenantId, person } = caller;
  await findSubscription(system, caller, id);
  const overlapMs = overlapOf(overlap);
  const secret = given ?? system.subscriptions.mintSecret();
  const rotated = await system.subscriptions.rotate({ tenantId, id }, { secret, overlapMs, by: person });
  await record(system, caller, { act: "SubscriptionSecretRotated", id, overlap });
  const states = await system.notifications.states(tenantId);
  return { subscription: shown(rotated ?? missing(tenantId, id), states), secret };
}

/** With all that waits for it. */
export async function deleteSubscription(
  system: System,
  caller: Caller,
  { subscription: id }: z.output<typeof subscriptionInput>,
): Promise<{ removed: string }> {
  const { tenantId } = caller;
  const { spec } = await findSubscription(system, caller, id);
  if (await system.subscriptions.remove({ tenantId, id }))
    await record(system, caller, { act: "SubscriptionEnded", id, spec });
  await system.notifications.close({ tenantId, targetId: targetIdOf(id) });
  return { removed: id };
}

interface Changed {
  act: Extract<JournalAct, `Subscription${string}`>;
  id: string;
  spec?: SubscriptionSpec;
  overlap?: string;
}

async function record(
  system: System,
  { tenantId, person }: Caller,
  { act, ...data }: Changed,
): Promise<void> {
  const plain = JSON.parse(JSON.stringify(data)) as JsonObject;
  await system.journal.append(tenantId, [{ act, actor: person, data: plain }]);
}

function overlapOf(text: string): number {
  const ms = parseDuration(text);
  const longest = parseDuration(longestOverlap) ?? 0;
  if (ms !== undefined && ms >= 0 && ms <= longest) return ms;
  throw refuse(
    "InputInvalid",
    `overlap: expected a duration up to ${formatDuration(longest)}, such as 24h, or 0s; found ${text}.`,
  );
}
