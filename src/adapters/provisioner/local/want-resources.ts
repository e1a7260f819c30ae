/** What a request wants to be there: resource by resource, with names that are nobody else's. */
import { isIPv6 } from "node:net";
import { join } from "node:path";
import { namespaceQuotas } from "../../../domain/environment/namespace-quotas.ts";
import type { Resource } from "../../../domain/environment/resource.ts";
import { type EnvironmentWants, noWants } from "../../../domain/environment/wants-of.ts";
import { isHostName } from "../../../domain/namespace/host-names.ts";
import { refuse } from "../../../domain/refusal.ts";
import type { NamespaceRequest } from "../../../ports/provisioner.ts";
import { sharedFolder } from "./keepers/keep-folder.ts";
import { type Ground, plainPath } from "./read-ground.ts";

export interface Wanted {
  /** Of the module; of the environment itself the folder of all its storage. */
  storage: string;
  resources: Resource[];
}

/** Nobody else may enter it. */
const folderSpec = { mode: "0700", owner: "ours" };

export function wantResources(request: NamespaceRequest, ground: Ground): Wanted {
  const wants = request.wants ?? noWants;
  const { namespace } = ground;
  requireName(namespace, { pattern: wants.naming.namespaces, what: "namespace" });
  const own = [
    { moduleId: "", kind: "namespace" as const, name: namespace, spec: {} },
    ...quotas(request, ground),
  ];
  if (request.moduleId === undefined)
    return {
      storage: join(ground.storageRoot, namespace),
      resources: [...own, ...sharedResources(wants, ground), ...keptHost(ground)],
    };
  const storage = ground.module?.storage ?? join(ground.storageRoot, namespace, request.moduleId);
  const module = { ...request, moduleId: request.moduleId };
  return {
    storage,
    resources: [
      ...own,
      folder(module.moduleId, storage),
      ...ownStorage(module, storage),
      ...names(module, wants, ground),
    ],
  };
}

function quotas(request: NamespaceRequest, { modules }: Ground): Resource[] {
  const others = modules.filter(({ moduleId }) => moduleId !== request.moduleId);
  const editions = others.map(({ editionId }) => editionId ?? undefined);
  const all = request.moduleId === undefined ? editions : [...editions, request.editionId];
  return Object.entries(namespaceQuotas(request.wants ?? noWants, all)).map(([name, value]) => {
    return { moduleId: "", kind: "quota", name, spec: { value } };
  });
}

function folder(moduleId: string, name: string): Resource {
  return { moduleId, kind: "storage", name, spec: folderSpec };
}

/** What the module needs for itself lies in its own storage. */
function ownStorage(request: NamespaceRequest & { moduleId: string }, storage: string) {
  const { shared, naming } = request.wants ?? noWants;
  return storageNames(request)
    .filter((name) => !shared.some((one) => one.kind === "storage" && one.name === name))
    .map((name) => {
      requireName(name, { pattern: naming.resources, what: "storage" });
      return folder(request.moduleId, join(storage, name));
    });
}

export function storageNames({ needs }: NamespaceRequest): string[] {
  return (needs.resources ?? []).filter(({ kind }) => kind === "storage").map(({ name }) => name);
}

/** What is declared; and what is not any more, as long as a module that was provisioned needs it. */
function sharedResources(wants: EnvironmentWants, ground: Ground): Resource[] {
  const declared = wants.shared.map(({ kind, name }): Resource => {
    requireName(name, { pattern: wants.naming.resources, what: kind });
    if (kind === "storage") return sharedStorage(name, ground);
    throw refuse(
      "PolicyInvalid",
      `The local provisioner makes shared storage and no ${kind}: ${name} cannot be provisioned here.`,
      `Take it out of \`shared\`, and give modules the address of one that runs: connectsoft secret set ${variableOf(kind)} --env ${ground.place.environment}`,
    );
  });
  const names = new Set(declared.map(({ name }) => name));
  const needed = new Set(ground.requests.flatMap(storageNames).map((name) => `storage/${name}`));
  const kept = ground.recorded.filter(
    ({ kind, name }) => kind === "shared" && !names.has(name) && needed.has(name),
  );
  return [...declared, ...kept.map(({ moduleId, kind, name, spec }) => ({ moduleId, kind, name, spec }))];
}

function sharedStorage(name: string, { storageRoot, namespace }: Ground): Resource {
  const folder = join(storageRoot, namespace, sharedFolder, name);
  return { moduleId: "", kind: "shared", name: `storage/${name}`, spec: { folder, ...folderSpec } };
}

/** The variable that services are told the address of such a thing by. */
export function variableOf(kind: "postgresql" | "redis" | "queue" | "storage"): string {
  return { postgresql: "DATABASE_URL", redis: "REDIS_URL", queue: "QUEUE_URL", storage: "STORAGE_DIR" }[kind];
}

/** The shared host stays, with what leads to it, as long as a module has a path on it. */
function keptHost({ modules, recorded }: Ground): Resource[] {
  if (modules.every(({ paths }) => paths.length === 0)) return [];
  return recorded
    .filter(({ moduleId, kind }) => moduleId === "" && (kind === "host" || kind === "dns"))
    .map(({ moduleId, kind, name, spec }) => ({ moduleId, kind, name, spec }));
}

function names(
  request: NamespaceRequest & { moduleId: string },
  wants: EnvironmentWants,
  ground: Ground,
): Resource[] {
  const { moduleId } = request;
  const hosts = ground.names.own.map((candidates) => {
    const host = pick(candidates, ground, moduleId);
    return { moduleId, kind: "host" as const, name: host, spec: {} };
  });
  const shared = request.path === undefined ? [] : sharedPath({ moduleId, path: request.path }, ground);
  return [...hosts, ...shared, ...dnsNames(moduleId, [...hosts, ...shared], { wants, ground })];
}

/** The one that it has; else the first that is nobody's. */
function pick(candidates: string[], { recorded, taken }: Ground, moduleId: string): string {
  const hosts = recorded.filter((one) => one.kind === "host" && one.moduleId === moduleId);
  const own = candidates.find((name) => hosts.some((one) => one.name === name));
  const name = own ?? candidates.find((candidate) => !taken.has(candidate)) ?? candidates.at(-1) ?? "";
  if (isHostName(name)) return name;
  throw refuse(
    "NamingPolicy",
    `${name} is too long for a host name: expected at most 253 characters, and 63 between dots.`,
    "Choose a shorter `domain`, or a shorter id for the module.",
  );
}

function sharedPath({ moduleId, path }: { moduleId: string; path: string }, ground: Ground): Resource[] {
  const host = ground.sharedHost ?? pick(ground.names.shared, ground, "");
  const name = host + plainPath(path);
  const owner = ground.taken.get(name);
  if (owner !== undefined)
    throw refuse(
      "Conflict",
      `${name} leads to ${owner} already, so ${moduleId} cannot have it.`,
      "Give one of them another `path` in its module.yaml.",
    );
  return [
    { moduleId: "", kind: "host", name: host, spec: {} },
    { moduleId, kind: "path", name, spec: {} },
  ];
}

/** Names of the zone only: what ends in localhost needs no server. */
function dnsNames(
  moduleId: string,
  hosts: Resource[],
  { wants: { dns }, ground }: { wants: EnvironmentWants; ground: Ground },
): Resource[] {
  if (dns === undefined) return [];
  const { address, ...server } = dns;
  const addresses = [address].flat().map(plainAddress).sort();
  const inZone = ({ kind, name }: Resource) =>
    kind === "host" && (name === dns.zone || name.endsWith(`.${dns.zone}`));
  return hosts.filter(inZone).map((host) => ({
    moduleId: host.moduleId === "" ? "" : moduleId,
    kind: "dns",
    name: `${host.name} at ${dns.server}:${dns.port}`,
    spec: { name: host.name, addresses, owner: `${ground.installationId}/${ground.namespace}`, ...server },
  }));
}

/** As servers answer it: 2001:db8::1, however it was written. */
function plainAddress(address: string): string {
  return isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}

function requireName(name: string, rule: { pattern: string | undefined; what: string }): void {
  if (rule.pattern === undefined || new RegExp(rule.pattern, "u").test(name)) return;
  throw refuse(
    "NamingPolicy",
    `The tenant's policy forbids the ${rule.what} ${name}: expected ${rule.pattern}.`,
    "Choose another name, or have `naming` in tenant.yaml changed.",
  );
}
