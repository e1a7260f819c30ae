/** Environments as declared and as provisioned: what is there, what would change, and what drifted. */
import { z } from "zod";
import { type MissingSetting, missingSettings } from "../../domain/environment/missing-settings.ts";
import type { Change, Difference } from "../../domain/environment/resource.ts";
import { type EnvironmentWants, wantsOf } from "../../domain/environment/wants-of.ts";
import { type Refusal, RefusalError } from "../../domain/refusal.ts";
import { slug } from "../../domain/scope.ts";
import { vaultOf } from "../../domain/vault/place-of-vault.ts";
import type { EnvironmentPlace, EnvironmentRecord, NamespaceRequest, Want } from "../../ports/provisioner.ts";
import type { Caller, System } from "../system.ts";

export const environmentInput = z.object({ environment: slug });
type Input = z.output<typeof environmentInput>;

export interface EnvironmentSummary {
  environment: string;
  /** Null: nothing is provisioned there yet. */
  namespace: string | null;
  modules: string[];
  /** False: it is provisioned, and tenant.yaml has it no more. */
  declared: boolean;
  destroying?: { by: string; at: string };
}

export async function listEnvironments(system: System, caller: Caller): Promise<EnvironmentSummary[]> {
  const [tenant, records] = await Promise.all([
    system.tenants.get(caller.tenantId),
    system.provisioner.list(caller.tenantId),
  ]);
  const declared = tenant.environments.map(({ id }) => id);
  const others = records.map(({ environment }) => environment).filter((one) => !declared.includes(one));
  return [...declared, ...others].map((environment) => {
    const record = records.find((one) => one.environment === environment);
    return {
      environment,
      namespace: record?.namespace ?? null,
      modules: record?.modules.map(({ moduleId }) => moduleId) ?? [],
      declared: declared.includes(environment),
      ...(record?.destroying !== undefined && { destroying: record.destroying }),
    };
  });
}

export interface ShownEnvironment {
  environment: string;
  wants: EnvironmentWants | null;
  record: EnvironmentRecord | null;
  /** By module. */
  missing: (MissingSetting & { moduleId: string })[];
}

/** Refuses with InvalidNamespaceAccess what is no environment of the caller's tenant. */
export async function showEnvironment(
  system: System,
  caller: Caller,
  { environment }: Input,
): Promise<ShownEnvironment> {
  const place = { tenantId: caller.tenantId, environment };
  const record = (await system.provisioner.list(caller.tenantId)).find(
    (one) => one.environment === environment,
  );
  const wants = await wantsUnless(system, place, record);
  const missing = await Promise.all((await modulesOf(system, place)).map((one) => missingOf(system, one)));
  return { environment, wants: wants ?? null, record: record ?? null, missing: missing.flat() };
}

export interface PlannedRequest {
  /** Absent: the environment itself. */
  moduleId?: string;
  changes: Change[];
  wanting: Want[];
  /** Why it cannot be planned. */
  refused?: Refusal;
}

/** What a delivery of each module, and provisioning the environment itself, would change now. */
export async function planEnvironment(
  system: System,
  caller: Caller,
  { environment }: Input,
): Promise<PlannedRequest[]> {
  const place = { tenantId: caller.tenantId, environment };
  const wants = wantsOf(await system.tenants.get(caller.tenantId), environment);
  const requests = [environmentRequest(place, wants), ...(await modulesOf(system, place))];
  return await Promise.all(requests.map((request) => planOf(system, { ...request, wants })));
}

export async function driftOfEnvironment(
  system: System,
  caller: Caller,
  { environment }: Input,
): Promise<Difference[]> {
  const place = { tenantId: caller.tenantId, environment };
  await wantsUnless(system, place, await recordOf(system, place));
  await system.provisioner.refresh(place);
  return await system.provisioner.drift(place);
}

export function environmentRequest(place: EnvironmentPlace, wants: EnvironmentWants): NamespaceRequest {
  return { ...place, needs: { config: [], secrets: [] }, wants };
}

type ModuleRequest = NamespaceRequest & { moduleId: string };

/** By which its modules were provisioned last. */
async function modulesOf({ provisioner }: System, place: EnvironmentPlace): Promise<ModuleRequest[]> {
  const applied = await provisioner.applied(place);
  return applied.flatMap((request) =>
    request.moduleId === undefined ? [] : [{ ...request, moduleId: request.moduleId }],
  );
}

async function planOf({ provisioner }: System, request: NamespaceRequest): Promise<PlannedRequest> {
  const module = request.moduleId === undefined ? {} : { moduleId: request.moduleId };
  try {
    const [{ changes }, wanting] = await Promise.all([
      provisioner.plan(request),
      provisioner.wanting(request),
    ]);
    return { ...module, changes, wanting };
  } catch (error) {
    if (!(error instanceof RefusalError)) throw error;
    return { ...module, changes: [], wanting: [], refused: error.refusal };
  }
}

async function missingOf({ settings, tenants }: System, request: ModuleRequest) {
  const { tenantId, environment, moduleId } = request;
  const scope = { tenantId, environment, moduleId };
  const [config, secrets] = await Promise.all([settings.listConfig(scope), settings.listSecrets(scope)]);
  const names = { config: Object.keys(config), secrets: secrets.map(({ name }) => name) };
  const vault = vaultOf(await tenants.get(tenantId), scope);
  return missingSettings({ ...request, vault }, names).map((one) => ({ moduleId, ...one }));
}

async function recordOf({ provisioner }: System, place: EnvironmentPlace) {
  return (await provisioner.list(place.tenantId)).find((one) => one.environment === place.environment);
}

/** What tenant.yaml says; nothing of an environment that it has no more and that is provisioned still. */
async function wantsUnless(
  { tenants }: System,
  { tenantId, environment }: EnvironmentPlace,
  record: EnvironmentRecord | undefined,
): Promise<EnvironmentWants | undefined> {
  const tenant = await tenants.get(tenantId);
  const declared = tenant.environments.some(({ id }) => id === environment);
  return declared || record === undefined ? wantsOf(tenant, environment) : undefined;
}
