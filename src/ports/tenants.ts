/** Tenants as their `tenant.yaml` declares them. A reader always sees one whole version. */
import type { Tenant } from "../domain/tenant/tenant.ts";

export interface Tenants {
  /** Refuses with TenantForbidden where there is none: an unknown tenant and a foreign one look the same. */
  get(tenantId: string): Promise<Tenant>;
  list(): Promise<Tenant[]>;
  /**
   * Replaces a tenant's declaration; `by` names who did it. `text` is the file that declares it, where there is one.
   * Every version is kept; putting what holds already changes nothing. `over`: the digest of the declaration that it
   * replaces; refuses with Conflict where another one holds by now.
   */
  put(tenant: Tenant, by: string, text?: string, over?: string): Promise<void>;
  /** The text that declares the tenant now, with its digest. Refuses as `get` does. */
  declaration(tenantId: string): Promise<TenantDeclaration>;
  /** Every version there was, oldest first. */
  versions(tenantId: string): Promise<TenantDeclaration[]>;
}

export interface TenantDeclaration {
  text: string;
  digest: string;
  version: number;
  by: string;
  /** ISO 8601. */
  at: string;
}
