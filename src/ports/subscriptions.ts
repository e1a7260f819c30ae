/** Keeps subscriptions that were made by the API, and their signing secrets, sealed. Each is seen by its tenant alone. */
import type { SubscriptionSpec } from "../domain/subscription/subscription.ts";

export interface SubscriptionRecord {
  tenantId: string;
  id: string;
  spec: SubscriptionSpec;
  /** ISO 8601, as the others. It is told of what happens from here on. */
  madeAt: string;
  madeBy: string;
  changedAt: string;
  changedBy: string;
  /** The secret before the present one signs too until then. Absent: there is none. */
  previousUntil?: string;
}

export interface SubscriptionPlace {
  tenantId: string;
  id: string;
}

/** As Standard Webhooks writes them: `whsec_` and base64. */
export interface SigningSecrets {
  present: string;
  /** Signs too, for receivers that have not changed over. */
  previous?: string;
}

export interface Subscriptions {
  /** A new one, of random bytes; kept nowhere. */
  mintSecret(): string;
  /** Of all tenants, or of one, by their ids. */
  list(tenantId?: string): Promise<SubscriptionRecord[]>;
  get(place: SubscriptionPlace): Promise<SubscriptionRecord | undefined>;
  /** False: there is one of this id already. */
  add(
    place: SubscriptionPlace,
    made: { spec: SubscriptionSpec; secret: string; by: string },
  ): Promise<boolean>;
  /** Undefined: there is none of this id. */
  change(
    place: SubscriptionPlace,
    changed: { spec: SubscriptionSpec; by: string },
  ): Promise<SubscriptionRecord | undefined>;
  /** The secret so far signs too for `overlapMs`; 0: it does not. Undefined: there is none of this id. */
  rotate(
    place: SubscriptionPlace,
    rotated: { secret: string; overlapMs: number; by: string },
  ): Promise<SubscriptionRecord | undefined>;
  remove(place: SubscriptionPlace): Promise<boolean>;
  /** Undefined: there is none of this id. */
  secrets(place: SubscriptionPlace): Promise<SigningSecrets | undefined>;
}
