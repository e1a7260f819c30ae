/**
 * What one module has of the cloud: an identity for what runs and one for what its CI does, its data stores, and the
 * right to read its own secrets. What an environment's modules share is there already: the resource group, the
 * vault, the cluster and the network.
 */
import type { Resource } from "../../module/module-spec.ts";
import type { GenerationSubject } from "../generator.ts";
import type { PipelineEnvironment } from "../pipeline-model.ts";
import { secretKey } from "../settings/secret-key.ts";
import { azureName } from "./azure-names.ts";

export interface ModuleInfrastructure {
  moduleId: string;
  tenantId: string;
  /** By kind, the names that the module gave them. */
  resources: Record<Resource["kind"], string[]>;
  hasSecrets: boolean;
  environments: EnvironmentInfrastructure[];
}

export interface EnvironmentInfrastructure {
  environment: string;
  /** Where a person approves: stores get a standby in another zone. */
  isProtected: boolean;
  names: {
    resourceGroup: string;
    keyVault: string;
    identity: string;
    ciIdentity: string;
    postgresql: string;
    storageAccount: string;
    serviceBus: string;
  };
  redis: string[];
  databases: string[];
  containers: string[];
  queues: string[];
  /** Names of the module's secrets in the vault. */
  secrets: string[];
  /** The Kubernetes service account that is given the identity. */
  serviceAccount: string;
  tags: Record<string, string>;
}

/** Undefined where the module needs nothing of the cloud. */
export function moduleInfrastructure({ model, module }: GenerationSubject): ModuleInfrastructure | undefined {
  const needed = module.needs.resources ?? [];
  if (needed.length === 0 && !module.needsInfrastructure) return undefined;
  const { moduleId, tenantId } = model;
  const named = (kind: Resource["kind"]) =>
    [...new Set(needed.filter((one) => one.kind === kind).map(({ name }) => name))].toSorted();
  const resources = {
    postgresql: named("postgresql"),
    redis: named("redis"),
    storage: named("storage"),
    queue: named("queue"),
  };
  const secrets = [...new Set(module.needs.secrets)].toSorted();
  const tags = module.editionId === undefined ? {} : { edition: module.editionId };
  return {
    moduleId,
    tenantId,
    resources,
    hasSecrets: secrets.length > 0,
    environments: model.environments.map((environment) => ({
      ...inEnvironment(environment, { tenantId, moduleId }, resources),
      secrets: secrets.map((name) => secretKey(tenantId, environment.name, moduleId, name)),
      tags: { tenant: tenantId, environment: environment.name, module: moduleId, ...tags },
    })),
  };
}

function inEnvironment(
  { name: environment, requiresApproval }: PipelineEnvironment,
  { tenantId, moduleId }: { tenantId: string; moduleId: string },
  resources: ModuleInfrastructure["resources"],
): Omit<EnvironmentInfrastructure, "secrets" | "tags"> {
  const shared = [tenantId, environment];
  const own = [...shared, moduleId];
  return {
    environment,
    isProtected: requiresApproval,
    names: {
      resourceGroup: azureName("resourceGroup", shared),
      keyVault: azureName("keyVault", shared),
      identity: azureName("managedIdentity", own),
      ciIdentity: azureName("managedIdentity", [...own, "ci"]),
      postgresql: azureName("postgresql", own),
      storageAccount: azureName("storageAccount", own),
      serviceBus: azureName("serviceBusNamespace", own),
    },
    redis: resources.redis.map((name) => azureName("redis", [...own, name])),
    databases: resources.postgresql.map((name) => azureName("postgresqlDatabase", [name])),
    containers: resources.storage.map((name) => azureName("storageContainer", [name])),
    queues: resources.queue.map((name) => azureName("serviceBusQueue", [name])),
    serviceAccount: `system:serviceaccount:${shared.join("-")}:${moduleId}`,
  };
}
