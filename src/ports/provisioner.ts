/**
 * A provisioner makes what releases need around them: a namespace, storage, names, quotas and what modules
 * share. Plan says what would change, apply does exactly that, and every step of it looks before it acts: whoever
 * was killed in the middle of a plan, or of destroying, finishes it with the same call.
 */
import type { Change, Difference, Seen } from "../domain/environment/resource.ts";
import type { EnvironmentWants } from "../domain/environment/wants-of.ts";
import type { Resource as NeededResource } from "../domain/module/module-spec.ts";

export interface EnvironmentPlace {
  tenantId: string;
  environment: string;
}

export interface NamespaceRequest extends EnvironmentPlace {
  /** Absent: the environment itself, with what its modules share. Only people may ask for that. */
  moduleId?: string;
  editionId?: string;
  /** Prefix on the environment's shared host. */
  path?: string;
  /** Names only; values never travel in a plan. */
  needs: { config: string[]; secrets: string[]; resources?: NeededResource[] | undefined };
  /** What the tenant declares of the environment; nothing where absent. */
  wants?: EnvironmentWants;
}

export interface InfrastructurePlan {
  /** Over the request, what is there and what is wanted. */
  digest: string;
  namespace: string;
  /** In order; empty where everything is there. */
  changes: Change[];
}

/** Something that a person must do first, in words. */
export interface Want {
  code: "SecretsMissing" | "NotFound" | "Conflict";
  message: string;
  next: string;
}

export interface QuotaStatus {
  quota: "processes" | "memory" | "cpus" | "disk";
  value: string | number;
  enforced: boolean;
  /** `enforced by cgroup v2`, or why it is not. */
  words: string;
}

export interface ProvisionedNamespace {
  namespace: string;
  /** DNS-like host names that the router answers for the module; of the environment itself none. */
  hosts: string[];
  /** Prefixes on hosts that modules share. */
  paths: { host: string; path: string }[];
  storage: string;
  quotas: QuotaStatus[];
  /** Names and where they lead, where a DNS server holds them. */
  records: { name: string; addresses: string[]; ttl: number; server: string }[];
  /** What the module finds its storage by: STORAGE_UPLOADS_DIR. Never a secret. */
  variables: Record<string, string>;
  /** Outputs for EnvironmentConfig.yaml. */
  outputs: Record<string, string>;
}

/** What is recorded of an environment, with what is really there. */
export interface EnvironmentRecord extends EnvironmentPlace {
  namespace: string;
  allocatedAt: string;
  /** When reality was last read, ISO 8601. */
  refreshedAt?: string;
  modules: {
    moduleId: string;
    editionId?: string;
    hosts: string[];
    /** As `host/path`. */
    paths: string[];
    storage: string;
    appliedAt: string;
  }[];
  resources: Seen[];
  quotas: QuotaStatus[];
  /** A destruction that was begun and not finished. */
  destroying?: { by: string; at: string };
}

export interface Destruction {
  by: string;
  reason: string;
  /** Configuration and secrets of the environment go as well, old versions included. */
  withSettings: boolean;
  /** Also where something serves. */
  serving: boolean;
  /** What of a module serves, in words; undefined where nothing does. */
  serves(at: { namespace: string; moduleId: string }): Promise<string | undefined>;
  /** Ends everything of a module on its target. */
  dismantle(at: { namespace: string; moduleId: string }): Promise<void>;
}

export interface Destroyed {
  namespace: string;
  /** What is gone, in order. */
  changes: Change[];
  modules: string[];
}

/** An environment that is being destroyed refuses plan and apply with Conflict. Every call refuses names that are no slugs. */
export interface Provisioner {
  readonly name: string;
  /**
   * Changes nothing; the same again until something changes. Refuses with NamingPolicy names that the tenant's policy
   * forbids, and with Conflict a path that is another module's.
   */
  plan(request: NamespaceRequest): Promise<InfrastructurePlan>;
  /** What must be there before the request can be applied, and is not. */
  wanting(request: NamespaceRequest): Promise<Want[]>;
  /**
   * Refuses with PlanChanged, having changed nothing, where the digest is neither the current plan's nor that of the plan
   * that was applied last, whole or in part.
   */
  apply(request: NamespaceRequest, planDigest: string): Promise<ProvisionedNamespace>;
  /** Reads reality into the record. Refuses with NotFound where nothing is provisioned, as drift and destroy do. */
  refresh(place: EnvironmentPlace): Promise<EnvironmentRecord>;
  /** How reality differs from what was applied. */
  drift(place: EnvironmentPlace): Promise<Difference[]>;
  /** The requests by which the environment and its modules were provisioned: a plan of one of them mends what drifted. */
  applied(place: EnvironmentPlace): Promise<NamespaceRequest[]>;
  /** Leaves nothing of the environment. Refuses with Conflict where something serves, unless that is asked for. */
  destroy(place: EnvironmentPlace, destruction: Destruction): Promise<Destroyed>;
  /** Refuses with InvalidNamespaceAccess a namespace that is not this tenant's environment's. */
  requireNamespace(place: EnvironmentPlace, namespace: string): Promise<void>;
  /** Environments of the tenant as recorded; reality is not looked at. */
  list(tenantId: string): Promise<EnvironmentRecord[]>;
}
