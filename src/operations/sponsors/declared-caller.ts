import { holderOf } from "../../domain/tenant/service-accounts.ts";
import type { Tenant } from "../../domain/tenant/tenant.ts";
import type { Caller } from "../system.ts";

/** A person as tenant.yaml declares them now, whatever else they were when they called; undefined where it does not. */
export function declaredCaller(tenant: Tenant, person: string): Caller | undefined {
  const declared = holderOf(tenant, person);
  if (declared === undefined) return undefined;
  return { tenantId: tenant.id, person, roles: declared.roles, method: "api" };
}
