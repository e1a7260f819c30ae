/**
 * Hands a module over: its bytes are stored first, then the delivery begins with one event. Asked again with
 * the same trace and the same bytes, it finds the delivery that is there.
 */
import { basename } from "node:path";
import type { HandOver, Source } from "../domain/delivery/hand-over.ts";
import type { EventName } from "../domain/event/event-catalogue.ts";
import type { JsonObject } from "../domain/json.ts";
import { inferModule, type ModuleOverrides } from "../domain/module/infer-module.ts";
import type { ModuleSpec } from "../domain/module/module-spec.ts";
import { refuse } from "../domain/refusal.ts";
import { type Subject, slug, subjectKey, traceSlug } from "../domain/scope.ts";
import { isDescribing } from "../domain/stack/stacks.ts";
import type { Tenant } from "../domain/tenant/tenant.ts";
import { mintTrace } from "./mint-trace.ts";
import { permit } from "./permit.ts";
import { supersedeOlder } from "./supersede-older.ts";
import { type Caller, type System, sourceOf } from "./system.ts";

export interface HandOverInput {
  source: { kind: "folder"; path: string } | { kind: "git"; url: string; ref?: string | undefined };
  traceId?: string | undefined;
  moduleId?: string | undefined;
  /** A part of the tenant's promotion path, in its order; absent: all of it. */
  environments?: string[] | undefined;
  start?: string | undefined;
  version?: string | undefined;
  editionId?: string | undefined;
  complianceMode?: boolean | undefined;
}

export async function handOver(
  system: System,
  caller: Caller,
  input: HandOverInput,
): Promise<{ subject: Subject; created: boolean }> {
  permit(caller, "hand-over");
  const tenant = await system.tenants.get(caller.tenantId);
  const environments = promotionPath(tenant, input.environments);
  // All that was said is checked before anything is stored.
  const namedTrace = input.traceId === undefined ? undefined : named("traceId", traceSlug, input.traceId);
  const moduleId = await nameModule(system, input);
  const repository = `${caller.tenantId}/${moduleId}`;
  const source = await store(system, repository, input);
  const module = await describe(system, { repository, moduleId, source }, input);
  const traceId = namedTrace ?? (await mintTrace(system, caller.tenantId));
  const subject: Subject = { tenantId: caller.tenantId, traceId, moduleId };
  const { delivery, environment } = system.builtInFlows;
  const fact: HandOver = {
    source,
    module,
    repository,
    folder: "",
    targetBranch: "main",
    environments,
    sponsor: caller.person,
    host: system.host,
    complianceMode: input.complianceMode ?? module.complianceMode,
    flow: { name: delivery.name, digest: delivery.digest },
    environmentFlow: { name: environment.name, digest: environment.digest },
    ...(module.editionId !== undefined && { editionId: module.editionId }),
  };
  const created = await begin(system, caller, { subject, fact });
  if (created) await supersedeOlder(system, subject);
  return { subject, created };
}

function promotionPath(tenant: Tenant, asked: string[] | undefined): string[] {
  const path = tenant.environments.map((environment) => environment.id);
  if (asked === undefined || asked.length === 0) return path;
  const unknown = asked.find((environment) => !path.includes(environment));
  if (unknown !== undefined)
    throw refuse(
      "InputInvalid",
      `environment: ${unknown} is not declared by ${tenant.id}; it has ${path.join(", ")}.`,
      "Declare it in tenant.yaml, or name one of these.",
    );
  return path.filter((environment) => asked.includes(environment));
}

async function nameModule(system: System, input: HandOverInput): Promise<string> {
  if (input.moduleId !== undefined) return named("moduleId", slug, input.moduleId);
  if (input.source.kind === "git")
    return named("moduleId", slug, basename(input.source.url).replace(/\.git$/, ""));
  const { path } = input.source;
  const seen = await system.sourceControl.peekFolder(path, isDescribing);
  return inferModule({ ...seen, folderName: basename(path), overrides: overridesOf(input) }).id;
}

async function store(system: System, repository: string, input: HandOverInput): Promise<Source> {
  const { source } = input;
  if (source.kind === "folder") {
    const { tree } = await system.sourceControl.importFolder({ repository, folder: source.path });
    return { kind: "folder", path: source.path, tree };
  }
  const request = { repository, url: source.url, ...(source.ref !== undefined && { ref: source.ref }) };
  const { commit, tree } = await system.sourceControl.importRemote(request);
  return { kind: "git", url: source.url, commit, tree };
}

/** What the module is, read from the bytes that were stored and not from a folder that may have changed since. */
async function describe(
  system: System,
  stored: { repository: string; moduleId: string; source: Source },
  input: HandOverInput,
): Promise<ModuleSpec> {
  const { repository, moduleId, source } = stored;
  const paths = await system.sourceControl.listFiles(repository, source.tree);
  const files = await system.sourceControl.readFiles(repository, source.tree, paths.filter(isDescribing));
  return inferModule({
    files,
    paths,
    folderName: moduleId,
    overrides: { ...overridesOf(input), id: moduleId },
  });
}

function overridesOf(input: HandOverInput): ModuleOverrides {
  return {
    ...(input.moduleId !== undefined && { id: input.moduleId }),
    ...(input.start !== undefined && { start: input.start }),
    ...(input.version !== undefined && { version: input.version }),
    ...(input.editionId !== undefined && { editionId: input.editionId }),
    ...(input.complianceMode !== undefined && { complianceMode: input.complianceMode }),
  };
}

async function begin(
  system: System,
  caller: Caller,
  { subject, fact }: { subject: Subject; fact: HandOver },
): Promise<boolean> {
  const { engine, builtInFlows } = system;
  await engine.flows.add(builtInFlows.delivery);
  await engine.flows.add(builtInFlows.environment);
  const draft = {
    id: "hand-over",
    name: "ModuleReady" as EventName,
    source: sourceOf(caller),
    data: fact as unknown as JsonObject,
  };
  const { record, events } = await engine.append(subject, [draft], { create: true });
  if (events.length > 0) return true;
  if (record.handOver?.source.tree === fact.source.tree) return false;
  throw refuse(
    "Conflict",
    `${subjectKey(subject)} was handed over before with other content.`,
    "Hand it over under a new trace: leave --trace out.",
  );
}

function named(field: string, form: typeof slug, value: string): string {
  const parsed = form.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refuse(
    "InputInvalid",
    `${field}: ${JSON.stringify(value)}: ${parsed.error.issues[0]?.message}.`,
    `Give a ${field} of that form.`,
  );
}
