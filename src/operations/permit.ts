/** Who may do it: the refusal names the person, the act and the roles that may. */

import { refuse } from "../domain/refusal.ts";
import { type Action, actions, mayDo, rolesFor } from "../domain/release/roles.ts";
import { alternatives } from "../domain/time-text.ts";
import type { Caller, System } from "./system.ts";

/** What somebody wants to do, and to what: the more is named, the narrower a role may be that is enough. */
export interface Wish {
  action: Action;
  /** Absent: the caller's own. */
  tenantId?: string | undefined;
  environment?: string | undefined;
  moduleId?: string | undefined;
  traceId?: string | undefined;
  releaseId?: string | undefined;
  repository?: string | undefined;
}

/** Refuses with TenantForbidden what is another tenant's, and where none of the caller's roles is enough. */
export async function permit(_system: System, caller: Caller, { action, tenantId }: Wish): Promise<void> {
  if (tenantId !== undefined && tenantId !== caller.tenantId) throw foreign(caller, tenantId);
  if (mayDo(caller.roles, action)) return;
  const held = caller.roles.length === 0 ? "no role" : caller.roles.join(", ");
  throw refuse(
    "TenantForbidden",
    `${caller.person} (${held}) may not ${actions[action]} of ${caller.tenantId}: that takes ${alternatives(rolesFor(action))}.`,
    "Ask a person with such a role, or a StudioAdmin to give it to you.",
  );
}

/** Refuses a tenant that is not the caller's. */
export async function permitTenant(system: System, caller: Caller, tenantId: string): Promise<void> {
  if (tenantId !== caller.tenantId) await permit(system, caller, { action: "view", tenantId });
}

/** Whether that tenant exists makes no difference to the answer. */
function foreign(caller: Caller, tenantId: string) {
  return refuse(
    "TenantForbidden",
    `There is no tenant ${tenantId} for ${caller.person}, who belongs to ${caller.tenantId}.`,
    "Use a token of that tenant, or name your own.",
  );
}
