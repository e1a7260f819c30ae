/** A subscription as the delivery machinery takes it: a webhook whose secrets are its own. */
import type { Destination, NotificationSecret } from "../../domain/notification/notification-settings.ts";
import { refuse } from "../../domain/refusal.ts";
import { type SubscriptionSpec, selectionOf } from "../../domain/subscription/subscription.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import type { RegistrationPlace } from "../../ports/registrations.ts";
import type { SubscriptionRecord } from "../../ports/subscriptions.ts";
import type { ToldTarget } from "../notifications/told-target.ts";
import type { System } from "../system.ts";

/** No id in tenant.yaml has a slash. */
const prefix = "subscription/";

export function targetIdOf(subscriptionId: string): string {
  return prefix + subscriptionId;
}

export function subscribedTarget(
  system: Pick<System, "subscriptions">,
  { subscriptions: settings }: Tenant,
  record: SubscriptionRecord,
): ToldTarget {
  const { tenantId, id, spec, madeAt, previousUntil } = record;
  return {
    selection: { tenantId, targetId: targetIdOf(id), ...selectionOf(spec) },
    to: destinationOf(spec, { id, previous: previousUntil !== undefined }),
    allowPrivate: spec.allowPrivate && settings.allowPrivate,
    attempts: spec.attempts,
    reveal: (reference) => revealSecret(system, { tenantId, id }, reference),
    since: async () => madeAt,
  };
}

function destinationOf(
  { url, format, cdevents }: SubscriptionSpec,
  { id, previous }: { id: string; previous: boolean },
): Destination {
  const place = { environment: "subscriptions", module: id };
  return {
    webhook: {
      ...(cdevents !== undefined && { cdevents }),
      ...{ url, format, secret: { secret: "SIGNING_SECRET", ...place } },
      ...(previous && { previousSecret: { secret: "PREVIOUS_SIGNING_SECRET", ...place } }),
    },
  };
}

async function revealSecret(
  { subscriptions }: Pick<System, "subscriptions">,
  place: RegistrationPlace,
  { secret }: NotificationSecret,
): Promise<string> {
  const secrets = await subscriptions.secrets(place);
  const value = secrets === undefined || secret === "SIGNING_SECRET" ? secrets?.present : secrets.previous;
  // The overlap may have ended since it was looked up: the present one signs alone then.
  const found = value ?? secrets?.present;
  if (found !== undefined) return found;
  throw refuse("NotFound", `the subscription ${place.id} is gone`);
}
