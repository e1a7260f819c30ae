/** Who may do it: the refusal names the person, the act and the roles that may. */

import { refuse } from "../domain/refusal.ts";
import { type Action, actions, mayDo, rolesFor } from "../domain/release/roles.ts";
import { alternatives } from "../domain/time-text.ts";
import type { Caller } from "./system.ts";

/** Refuses with TenantForbidden where none of the caller's roles is enough. */
export function permit(caller: Caller, action: Action): void {
  if (mayDo(caller.roles, action)) return;
  const held = caller.roles.length === 0 ? "no role" : caller.roles.join(", ");
  throw refuse(
    "TenantForbidden",
    `${caller.person} (${held}) may not ${actions[action]} of ${caller.tenantId}: that takes ${alternatives(rolesFor(action))}.`,
    "Ask a person with such a role, or a StudioAdmin to give it to you.",
  );
}

/** Refuses a tenant that is not the caller's; whether it exists makes no difference to the answer. */
export function permitTenant(caller: Caller, tenantId: string): void {
  if (tenantId === caller.tenantId) return;
  throw refuse(
    "TenantForbidden",
    `There is no tenant ${tenantId} for ${caller.person}, who belongs to ${caller.tenantId}.`,
    "Use a token of that tenant, or name your own.",
  );
}
