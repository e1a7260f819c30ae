/** Tenants as their `tenant.yaml` declares them. A reader always sees one whole version. */
import type { Tenant } from "../domain/tenant/tenant.ts";

export interface Tenants {
  /** Refuses with TenantForbidden where there is none: an unknown tenant and a foreign one look the same. */
  get(tenantId: string): Promise<Tenant>;
  list(): Promise<Tenant[]>;
  /** Replaces a tenant's declaration; `by` names who did it. */
  put(tenant: Tenant, by: string): Promise<void>;
}
