/** Subscriptions in PostgreSQL. The secret before the present one signs too for a while. */
import { randomBytes } from "node:crypto";
import { signingSecretOf } from "../../../domain/subscription/signing-secret.ts";
import type { SubscriptionSpec } from "../../../domain/subscription/subscription.ts";
import type { SubscriptionRecord, Subscriptions } from "../../../ports/subscriptions.ts";
import { keepRegistrations, type Stores } from "./keep-registrations.ts";

const isGood = "r.previous_until > now()";

export function createSubscriptions(stores: Stores): Subscriptions {
  const { update, read, sealed, opened, ...kept } = keepRegistrations<
    SubscriptionSpec,
    SubscriptionRecord,
    { previous_until: Date | null }
  >(stores, {
    ...{ table: "subscriptions", id: "subscription_id" },
    more: {
      columns: `case when ${isGood} then r.previous_until end as previous_until`,
      said: ({ previous_until: until }) => (until === null ? {} : { previousUntil: until.toISOString() }),
    },
  });
  return {
    ...kept,
    mintSecret: () => signingSecretOf(randomBytes(32)),
    async rotate(place, { secret, overlapMs, by }) {
      const set = `secret = $3, changed_at = now(), changed_by = $5,
        previous_secret = case when $4 > 0 then r.secret end,
        previous_until = case when $4 > 0 then now() + $4 * interval '1 ms' end`;
      return await update(place, set, [await sealed(place, secret), overlapMs, by]);
    },
    async secrets(place) {
      const columns = `r.secret, case when ${isGood} then r.previous_secret end as previous`;
      const row = await read<{ secret: string; previous: string | null }>(place, columns);
      if (row === undefined) return undefined;
      const present = await opened(place, row.secret);
      if (row.previous === null) return { present };
      return { present, previous: await opened(place, row.previous) };
    },
  };
}
