/** Keeps subscriptions, and their signing secrets, sealed. */
import type { SubscriptionSpec } from "../domain/subscription/subscription.ts";
import type { Registration, RegistrationPlace, Registrations } from "./registrations.ts";

/** It is told of what happens from when it was made. */
export interface SubscriptionRecord extends Registration<SubscriptionSpec> {
  /** The secret before the present one signs too until then, ISO 8601. Absent: there is none. */
  previousUntil?: string;
}

/** As Standard Webhooks writes them: `whsec_` and base64. */
export interface SigningSecrets {
  present: string;
  /** Signs too, for receivers that have not changed over. */
  previous?: string;
}

export interface Subscriptions extends Registrations<SubscriptionSpec, SubscriptionRecord> {
  /** A new one, of random bytes; kept nowhere. */
  mintSecret(): string;
  /** The secret so far signs too for `overlapMs`; 0: it does not. Undefined: there is none of this id. */
  rotate(
    place: RegistrationPlace,
    rotated: { secret: string; overlapMs: number; by: string },
  ): Promise<SubscriptionRecord | undefined>;
  /** Undefined: there is none of this id. */
  secrets(place: RegistrationPlace): Promise<SigningSecrets | undefined>;
}
