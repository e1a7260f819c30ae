/**
 * A provisioner makes an environment's namespace: plan says what would change, apply refuses any plan whose
 * digest is no longer the current one (`PlanChanged`), and applying twice changes nothing.
 */
export interface NamespaceRequest {
  tenantId: string;
  environment: string;
  moduleId: string;
  editionId?: string;
  /** Names only; values never travel in a plan. */
  needs: { config: string[]; secrets: string[] };
}

export interface InfrastructurePlan {
  digest: string;
  namespace: string;
  /** Human-readable changes in order; empty where everything is there. */
  changes: { action: "create" | "update" | "delete"; kind: string; name: string }[];
}

export interface ProvisionedNamespace {
  namespace: string;
  /** DNS-like host names that the router answers for the module. */
  hosts: string[];
  storage: string;
  /** Outputs for EnvironmentConfig.yaml. */
  outputs: Record<string, string>;
}

export interface Provisioner {
  readonly name: string;
  plan(request: NamespaceRequest): Promise<InfrastructurePlan>;
  apply(request: NamespaceRequest, planDigest: string): Promise<ProvisionedNamespace>;
}
