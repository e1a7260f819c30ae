/** What a person must do before a request can be applied. */
import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { namespaceQuotas } from "../../../domain/environment/namespace-quotas.ts";
import { bytesOf } from "../../../domain/environment/size.ts";
import { noWants } from "../../../domain/environment/wants-of.ts";
import type { NamespaceRequest, Want } from "../../../ports/provisioner.ts";
import type { Office } from "./office.ts";
import { type Ground, readGround } from "./read-ground.ts";
import { storageNames, variableOf } from "./want-resources.ts";

const run = promisify(execFile);
const measureTimeoutMs = 30_000;

export async function findWants(office: Office, request: NamespaceRequest): Promise<Want[]> {
  const ground = await readGround(office.pool, office.storageRoot, request);
  const shared = await missingShared(request, ground);
  const addresses = await missingAddresses(office, request);
  return [...shared, ...addresses, ...(await diskOver(request, ground))];
}

async function missingShared(request: NamespaceRequest, ground: Ground): Promise<Want[]> {
  const { environment, moduleId } = request;
  const declared = (request.wants ?? noWants).shared.filter(({ kind }) => kind === "storage");
  const needed = storageNames(request).filter((name) => declared.some((one) => one.name === name));
  const there = await Promise.all(
    needed.map(async (name) => {
      const one = ground.recorded.find(
        ({ kind, name: known }) => kind === "shared" && known === `storage/${name}`,
      );
      return one !== undefined && (await isFolder(String(one.spec.folder)));
    }),
  );
  return needed
    .filter((_name, index) => !there[index])
    .map((name) => ({
      code: "NotFound",
      message: `${moduleId} needs the storage ${name} that modules of ${environment} share, and it is not there yet: an InfraAdmin or a CloudArchitect provisions it.`,
      next: `Provision it: connectsoft provision --env ${environment}`,
    }));
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
}

/** What we do not make runs somewhere, and the service is told where. */
async function missingAddresses({ settings }: Office, request: NamespaceRequest): Promise<Want[]> {
  const { tenantId, environment, moduleId } = request;
  const needed = (request.needs.resources ?? []).filter(({ kind }) => kind !== "storage");
  if (moduleId === undefined || needed.length === 0) return [];
  const scope = { tenantId, environment, moduleId };
  const [config, secrets] = await Promise.all([settings.listConfig(scope), settings.listSecrets(scope)]);
  const known = new Set([...Object.keys(config), ...secrets.map(({ name }) => name)]);
  return needed
    .filter(({ kind }) => !known.has(variableOf(kind)))
    .map(({ kind, name }) => ({
      code: "SecretsMissing",
      message: `${moduleId} needs ${name} (${kind}), which the local provisioner does not make: it takes the address of one that runs.`,
      next: `Set it: connectsoft secret set ${variableOf(kind)} --env ${environment} --module ${moduleId}`,
    }));
}

async function diskOver(request: NamespaceRequest, ground: Ground): Promise<Want[]> {
  const editions = ground.modules.map(({ moduleId, editionId }) =>
    moduleId === request.moduleId ? request.editionId : (editionId ?? undefined),
  );
  const { disk } = namespaceQuotas(request.wants ?? noWants, editions);
  if (disk === undefined) return [];
  const used = await usedBytes(join(ground.storageRoot, ground.namespace));
  if (used <= bytesOf(disk)) return [];
  return [
    {
      code: "Conflict",
      message: `${ground.namespace} uses ${mebibytes(used)} of storage, more than its disk quota of ${disk}: what serves goes on, and nothing more is deployed there.`,
      next: `Free some of it, or raise environments[].quotas.disk; then: connectsoft provision --env ${request.environment}`,
    },
  ];
}

/** What the file system has given to a folder. */
export async function usedBytes(folder: string): Promise<number> {
  if (!(await isFolder(folder))) return 0;
  const { stdout } = await run("du", ["-sk", "--", folder], { timeout: measureTimeoutMs }).catch(
    // Files come and go while it counts: what it printed all the same is the sum of the others.
    (error: Error & { stdout?: string }) => ({ stdout: error.stdout ?? "" }),
  );
  return Number.parseInt(stdout, 10) * 1024 || 0;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)}Mi`;
}
