/** One kind of resource: how it is looked at, made and removed. Every call may be repeated. */
import type pg from "pg";
import type { Quotas } from "../../../../domain/environment/environment-settings.ts";
import type { Found, Resource } from "../../../../domain/environment/resource.ts";
import type { TargetName } from "../../../../domain/tenant/tenant.ts";
import type { EnvironmentPlace } from "../../../../ports/provisioner.ts";

export interface Site {
  pool: pg.Pool;
  /** Absolute. */
  storageRoot: string;
  place: EnvironmentPlace;
  namespace: string;
  /** That runs the environment's releases. */
  target: TargetName;
  /** Those that hold for the namespace once it is as wanted. */
  quotas: Quotas;
}

export interface Keeper {
  look(resource: Resource, site: Site): Promise<Found>;
  /** Makes it as its spec says, whatever is there, and says what is there then. */
  make(resource: Resource, site: Site): Promise<Found>;
  remove(resource: Resource, site: Site): Promise<void>;
}
