/** Hooks in PostgreSQL. A secret ends with the one that takes its place. */
import { randomBytes } from "node:crypto";
import type { HookSpec } from "../../../domain/hook/hook.ts";
import { signingSecretOf } from "../../../domain/subscription/signing-secret.ts";
import type { Hooks } from "../../../ports/hooks.ts";
import { createHookReceipts } from "./hook-receipts.ts";
import { keepRegistrations, type Stores } from "./keep-registrations.ts";

export function createHooks(stores: Stores): Hooks {
  const kind = { table: "hooks", id: "hook_id" } as const;
  const { update, read, sealed, opened, ...kept } = keepRegistrations<HookSpec>(stores, kind);
  return {
    ...kept,
    ...createHookReceipts(stores.pool),
    mintSecret(kind) {
      const bytes = randomBytes(32);
      return kind === "standard" || kind === "gitlab" ? signingSecretOf(bytes) : bytes.toString("base64url");
    },
    async rotate(place, { secret, by }) {
      const set = "secret = $3, changed_at = now(), changed_by = $4";
      return await update(place, set, [await sealed(place, secret), by]);
    },
    async secret(place) {
      const row = await read<{ secret: string }>(place, "r.secret");
      return row && (await opened(place, row.secret));
    },
  };
}
