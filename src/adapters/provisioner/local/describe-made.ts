/** What a request has, as its EnvironmentConfig.yaml and DNSBindings.yaml tell it. */
import { join } from "node:path";
import type { Resource, Seen } from "../../../domain/environment/resource.ts";
import type { NamespaceRequest, ProvisionedNamespace, QuotaStatus } from "../../../ports/provisioner.ts";
import type { Settings } from "../../../ports/settings.ts";
import type { Office } from "./office.ts";
import { readModules, readResources } from "./read-record.ts";
import { storageNames } from "./want-resources.ts";

export async function describeMade(
  { pool, settings }: Office,
  request: NamespaceRequest,
  { namespace, storage }: { namespace: string; storage: string },
): Promise<ProvisionedNamespace> {
  const [modules, resources] = await Promise.all([
    readModules(pool, namespace),
    readResources(pool, namespace),
  ]);
  const module = modules.find((one) => one.moduleId === request.moduleId);
  const concerned = resources.filter(({ moduleId }) => moduleId === "" || moduleId === request.moduleId);
  return {
    namespace,
    hosts: module?.hosts ?? [],
    paths: (module?.paths ?? []).map(splitPath),
    storage,
    quotas: quotaStatus(resources),
    records: concerned.filter(({ kind }) => kind === "dns").map(recordOf),
    variables: storageVariables(request, concerned, storage),
    outputs: await outputsOf(settings, request, { namespace, storage }),
  };
}

export function quotaStatus(resources: readonly Seen[]): QuotaStatus[] {
  return resources
    .filter(({ kind }) => kind === "quota")
    .map(({ name, spec, found }) => ({
      quota: name as QuotaStatus["quota"],
      value: spec.value as string | number,
      enforced: found?.enforced === true,
      words: typeof found?.words === "string" ? found.words : "not enforced: not applied yet",
    }));
}

function splitPath(text: string): { host: string; path: string } {
  const at = text.indexOf("/");
  return { host: text.slice(0, at), path: text.slice(at) };
}

function recordOf({ spec }: Resource): ProvisionedNamespace["records"][number] {
  return {
    name: String(spec.name),
    addresses: spec.addresses as string[],
    ttl: Number(spec.ttl),
    server: `${spec.server}:${spec.port}`,
  };
}

function storageVariables(
  request: NamespaceRequest,
  resources: readonly Resource[],
  storage: string,
): Record<string, string> {
  return Object.fromEntries(
    storageNames(request).map((name) => {
      const shared = resources.find((one) => one.kind === "shared" && one.name === `storage/${name}`);
      const variable = `STORAGE_${name.toUpperCase().replaceAll("-", "_")}_DIR`;
      return [variable, String(shared?.spec.folder ?? join(storage, name))];
    }),
  );
}

/** Names of settings, never values. */
async function outputsOf(
  settings: Settings,
  { tenantId, environment, moduleId }: NamespaceRequest,
  { namespace, storage }: { namespace: string; storage: string },
): Promise<Record<string, string>> {
  const scope = { tenantId, environment, ...(moduleId !== undefined && { moduleId }) };
  const [config, secrets] = await Promise.all([settings.listConfig(scope), settings.listSecrets(scope)]);
  return {
    resourceGroup: `local/${tenantId}`,
    vault: `local/${namespace}`,
    storage,
    networkPolicy: "loopback",
    configuration: Object.keys(config).sort().join(","),
    secrets: secrets
      .map(({ name }) => name)
      .sort()
      .join(","),
  };
}
