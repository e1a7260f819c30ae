/** Freezes of a tenant, declared in tenant.yaml and set by command, and how far its clock has come. */
import type { KnownFreeze } from "../domain/freeze/standing.ts";

export interface Freezes {
  /** Without those that were lifted. Refuses as `Tenants.get` does. */
  read(tenantId: string): Promise<KnownFreeze[]>;
  /** Keeps the newest time that was ever told of a tenant, and answers with it: never one before `now`. */
  newestTime(tenantId: string, now: Date): Promise<Date>;
}
