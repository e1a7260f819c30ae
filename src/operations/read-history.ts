/**
 * Histories of a module in an environment, across traces. They are read from the ledger and from the chains
 * each time, so there is no second truth that could differ from them.
 */
import { sha256 } from "../domain/canonical-json.ts";
import { type DeliveryEvent, eventName } from "../domain/event/event.ts";
import {
  type HistoryName,
  type HistoryPlace,
  type HistoryScope,
  historyNames,
  historyPath,
} from "../domain/memory/artifact-path.ts";
import type { StoredArtifact } from "../ports/engine-store.ts";
import type { System } from "./system.ts";

export interface History {
  content: string;
  /** Counts its facts: it grows with each. */
  version: number;
  sha256: string;
  /** Time of the newest fact, ISO 8601. */
  writtenAt: string;
}

/** Undefined where nothing has happened yet. */
export async function readHistory(
  system: System,
  place: HistoryPlace,
  name: HistoryName,
): Promise<History | undefined> {
  const facts =
    name === "DeploymentHistory.json" ? await deployments(system, place) : await verdicts(system, place);
  const newest = facts.at(-1);
  if (newest === undefined) return undefined;
  const key = name === "DeploymentHistory.json" ? "deployments" : "verdicts";
  const content = `${JSON.stringify({ ...place, [key]: facts }, null, 2)}\n`;
  return { content, version: facts.length, sha256: sha256(content), writtenAt: newest.at };
}

/** Every history of these modules, as memory lists it. */
export async function listHistories(
  system: System,
  tenantId: string,
  moduleIds: string[],
): Promise<StoredArtifact[]> {
  const tenant = await system.tenants.get(tenantId);
  const places = moduleIds.flatMap((moduleId) =>
    tenant.environments.map((environment) => ({ tenantId, environment: environment.id, moduleId })),
  );
  const listed = await Promise.all(
    places.flatMap((place) => historyNames.map((name) => describe(system, place, name))),
  );
  return listed.flat();
}

async function describe(system: System, place: HistoryPlace, name: HistoryName): Promise<StoredArtifact[]> {
  const history = await readHistory(system, place, name);
  if (history === undefined) return [];
  const { content, version, sha256: digest, writtenAt } = history;
  const [agentId, kind] =
    name === "DeploymentHistory.json"
      ? (["deployment-orchestrator", "deployments"] as const)
      : (["release-manager", "releases"] as const);
  const writer = { agentId, skillId: "", invocationId: "" };
  const path = historyPath(place, name);
  return [
    { path, kind, name, version, sha256: digest, writer, writtenAt, bytes: Buffer.byteLength(content) },
  ];
}

/**
 * Of all modules of an environment, or of all environments of the tenant, oldest first. Undefined where nothing
 * has happened yet.
 */
export async function readWideHistory(
  system: System,
  { tenantId, environment, name }: HistoryScope,
): Promise<History | undefined> {
  const tenant = await system.tenants.get(tenantId);
  const environments = environment === undefined ? tenant.environments.map(({ id }) => id) : [environment];
  const deliveries = await system.store.list({ tenantId, newestOfModule: true, limit: 10_000 });
  const modules = [...new Set(deliveries.map(({ subject }) => subject.moduleId))];
  const places = environments.flatMap((one) =>
    modules.map((moduleId) => ({ tenantId, environment: one, moduleId })),
  );
  const facts = await Promise.all(
    places.map(async (place) =>
      name === "DeploymentHistory.json"
        ? deployments(system, place)
        : (await verdicts(system, place)).map((fact) => ({ ...place, ...fact })),
    ),
  );
  const inOrder = facts.flat().sort((a, b) => (a.at < b.at ? -1 : 1));
  const newest = inOrder.at(-1);
  if (newest === undefined) return undefined;
  const key = name === "DeploymentHistory.json" ? "deployments" : "verdicts";
  const scope = environment === undefined ? { tenantId } : { tenantId, environment };
  const content = `${JSON.stringify({ ...scope, [key]: inOrder }, null, 2)}\n`;
  return { content, version: inOrder.length, sha256: sha256(content), writtenAt: newest.at };
}

/** Without specifications, which hold configuration. */
async function deployments(system: System, place: HistoryPlace) {
  const facts = await system.ledger.history(place);
  return facts.map(({ spec: _spec, ...fact }) => fact);
}

async function verdicts(system: System, { tenantId, environment, moduleId }: HistoryPlace) {
  const deliveries = await system.store.list({ tenantId, moduleId, limit: 1_000 });
  const names = ["ReleaseApproved", "ReleaseDelayed", "ReleaseRejected", "ReleaseRevoked"] as const;
  const chains = await Promise.all(
    deliveries.map(({ subject }) => system.store.events(subject, { names: [...names] })),
  );
  return chains
    .flat()
    .filter((event) => event.environment === environment)
    .sort((a, b) => (a.time < b.time ? -1 : 1))
    .map(verdict);
}

function verdict(event: DeliveryEvent) {
  const { releaseId, version, reasons, approvedBy } = event.data;
  return {
    verdict: eventName(event),
    releaseId,
    version,
    reasons,
    approvedBy,
    traceId: event.traceid,
    at: event.time,
  };
}
