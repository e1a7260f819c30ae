/** Makes, changes and ends subscriptions. A secret is shown by what made it, once. */
import { z } from "zod";
import { formatDuration, parseDuration } from "../../domain/flow/duration.ts";
import { refuse } from "../../domain/refusal.ts";
import { slug } from "../../domain/scope.ts";
import { signingSecretSchema } from "../../domain/subscription/signing-secret.ts";
import { subscriptionSpecSchema } from "../../domain/subscription/subscription.ts";
import {
  missing,
  recordRegistration,
  register,
  registrationDigest,
  removeRegistration,
  replaceSpec,
} from "../registrations/registrations.ts";
import type { Caller, System } from "../system.ts";
import { checkSpec } from "./check-spec.ts";
import { findSubscription, subscriptionInput, subscriptionKind } from "./find-subscription.ts";
import { type Subscription, shown } from "./show-subscription.ts";
import { targetIdOf } from "./subscribed-target.ts";

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
  const secret = given ?? system.subscriptions.mintSecret();
  return {
    subscription: shown(await register(subscriptionKind, { system, caller, id, spec, secret })),
    secret,
  };
}

export const updateSubscriptionInput = subscriptionSpecSchema.extend({
  ...subscriptionInput.shape,
  /** Of what it said when it was read. Absent: whatever it says by now is replaced. */
  digest: registrationDigest.optional(),
});

/** Replaces what it says; what is left out is as for a new one. Its secret and its place in each chain stay. */
export async function updateSubscription(
  system: System,
  caller: Caller,
  { subscription: id, digest, ...spec }: z.output<typeof updateSubscriptionInput>,
): Promise<Subscription> {
  const before = await findSubscription(system, caller, id);
  await checkSpec(system, caller, spec);
  const changed = await replaceSpec(subscriptionKind, { system, caller, before, spec, digest });
  return shown(changed, await system.notifications.states(caller.tenantId));
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
  const overlapMs = overlapOf(overlap);
  const secret = given ?? system.subscriptions.mintSecret();
  const rotated = await system.subscriptions.rotate({ tenantId, id }, { secret, overlapMs, by: person });
  if (rotated === undefined) throw missing(subscriptionKind, { tenantId, id });
  await recordRegistration(system, caller, { act: "SubscriptionSecretRotated", id, overlap });
  return { subscription: shown(rotated, await system.notifications.states(tenantId)), secret };
}

/** With all that waits for it. */
export async function deleteSubscription(
  system: System,
  caller: Caller,
  { subscription: id }: z.output<typeof subscriptionInput>,
): Promise<{ removed: string }> {
  const removed = await removeRegistration(subscriptionKind, { system, caller, id });
  await system.notifications.close({ tenantId: caller.tenantId, targetId: targetIdOf(id) });
  return removed;
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
