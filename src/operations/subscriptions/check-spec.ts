/** What a subscription may not say, beyond its shape: checked before anything of it is kept. */
import { cdEventsVersion } from "../../domain/cdevents/cd-event.ts";
import { refuse } from "../../domain/refusal.ts";
import { type SubscriptionSpec, selectionOf } from "../../domain/subscription/subscription.ts";
import type { Caller, System } from "../system.ts";

export async function checkSpec(
  { tenants }: Pick<System, "tenants">,
  { tenantId }: Caller,
  spec: SubscriptionSpec,
): Promise<void> {
  const { environments, subscriptions } = await tenants.get(tenantId);
  if (spec.format === "cdevents" && selectionOf({ ...spec, format: "structured" }).names.length > 0)
    requireFit(spec);
  if (selectionOf(spec).names.length === 0)
    throw refuse(
      "InputInvalid",
      "events: it selects nothing: expected at least one of events, artifacts and states.",
      "Such as events: [deployed], artifacts: [**/RolloutPlan.yaml] or states: [needs-approval].",
    );
  const known = environments.map(({ id }) => id);
  const unknown = spec.environments?.find((id) => !known.includes(id));
  if (unknown !== undefined)
    throw refuse(
      "InputInvalid",
      `environments: ${tenantId} has no environment ${unknown}.`,
      `It has ${known.join(", ")}.`,
    );
  if (spec.allowPrivate && !subscriptions.allowPrivate)
    throw refuse(
      "TenantForbidden",
      "allowPrivate: tenant.yaml lets no subscription go to addresses of a private network or of this host.",
      "A StudioAdmin lets them, and a second person confirms: subscriptions.allowPrivate in tenant.yaml.",
    );
  if (!spec.allowPrivate && new URL(spec.url).protocol !== "https:")
    throw refuse(
      "InputInvalid",
      "url: http is for private networks only: expected https.",
      "Name an address with https, or set allowPrivate where tenant.yaml lets subscriptions.",
    );
}

function requireFit(spec: SubscriptionSpec): void {
  if (selectionOf(spec).names.length > 0) return;
  const named = [...spec.events, ...spec.artifacts, ...spec.states].join(", ");
  throw refuse(
    "InputInvalid",
    `events: no type of CDEvents ${cdEventsVersion} fits ${named}, so nothing would ever be sent.`,
    "Take another format, or select what has a type: docs/how-to/subscribe-to-events.md. approval.* of its draft: cdevents: {drafts: true}.",
  );
}
