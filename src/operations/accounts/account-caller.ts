/** A service account as the tenant declares it now, for what it does without a token: a hook that acts in its name. */
import { refuse } from "../../domain/refusal.ts";
import { holderOf, servicePrefix } from "../../domain/tenant/service-accounts.ts";
import type { Caller, System } from "../system.ts";
import { serviceKeys } from "./identify-caller.ts";
import { peopledAs } from "./peopled-tenant.ts";

/** Refuses with TenantForbidden where it is declared no more. */
export async function accountCaller(
  system: System,
  { tenantId, account }: { tenantId: string; account: string },
): Promise<Caller> {
  const tenant = await system.tenants.get(tenantId);
  const person = servicePrefix + account;
  const holder = holderOf(tenant, person);
  if (holder === undefined)
    throw refuse(
      "TenantForbidden",
      `${person} is not of ${tenantId} any more, and nothing is done in its name.`,
      "Declare it in tenant.yaml, or let another one act: connectsoft hook set",
    );
  const keys = serviceKeys(await peopledAs(system, tenantId, tenant), holder);
  return { tenantId, person, roles: holder.roles, method: "api", ...keys };
}
