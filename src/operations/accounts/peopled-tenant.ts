/** A tenant with the people whom groups of their last sign-in make such: who sponsors, and whose vote counts. */
import { withPeopleByGroups } from "../../domain/tenant/people-by-groups.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import type { Tenants } from "../../ports/tenants.ts";
import type { System } from "../system.ts";

type Peopled = Pick<System, "signIns" | "clock"> & { tenants: Pick<Tenants, "get"> };

/** For those who ask for a tenant and nothing else. */
export function peopledTenants(peopled: Peopled): Pick<Tenants, "get"> {
  return { get: (tenantId) => peopledTenant(peopled, tenantId) };
}

export async function peopledTenant(peopled: Peopled, tenantId: string): Promise<Tenant> {
  return peopledAs(peopled, tenantId, await peopled.tenants.get(tenantId));
}

/** By sign-ins of that tenant, whatever a declaration that is only looked at calls itself. */
export async function peopledAs(
  { signIns, clock }: Pick<System, "signIns" | "clock">,
  tenantId: string,
  tenant: Tenant,
): Promise<Tenant> {
  if (tenant.signIn?.groupsHold === undefined) return tenant;
  return withPeopleByGroups(tenant, await signIns.list(tenantId), clock.now());
}
