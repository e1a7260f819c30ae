/**
 * `compliance/<traceId>/...`: what a deployed release in compliance mode stands on, at the version that was deployed.
 * It is locked where it was written, so the copy cannot be written twice, and stays when compliance mode is ended.
 */
import type { DeliveryRecord } from "../domain/delivery/delivery-state.ts";
import type { Subject } from "../domain/scope.ts";
import type { EngineStore, StoredArtifact } from "../ports/engine-store.ts";

const memory = "memory/";
const sealed = "compliance/";

/** The copies among these artifacts of these deliveries. */
export async function sealedCopies(
  store: EngineStore,
  subjects: readonly Subject[],
  written: readonly StoredArtifact[],
): Promise<StoredArtifact[]> {
  const versions = new Map<string, number>();
  for (const subject of subjects)
    for (const [path, version] of await sealedOf(store, subject)) versions.set(path, version);
  return written
    .filter(({ path, version }) => versions.get(path) === version)
    .map((artifact) => ({ ...artifact, path: sealed + artifact.path.slice(memory.length) }));
}

/** Where the original of a copy lies; undefined where the path is none of a copy. */
export function originalOf(path: string): string | undefined {
  return path.startsWith(sealed) ? memory + path.slice(sealed.length) : undefined;
}

/** Whether the original is sealed. */
export async function isSealed(
  store: EngineStore,
  { tenantId, path, version }: { tenantId: string; path: string; version: number },
): Promise<boolean> {
  const releaseId = /\/(release-\d{6,})\//.exec(path)?.[1];
  const subject = releaseId === undefined ? undefined : await store.findByRelease(tenantId, releaseId);
  if (subject === undefined) return false;
  return (await sealedOf(store, subject)).get(path) === version;
}

/** Versions by path. */
async function sealedOf(store: EngineStore, subject: Subject): Promise<Map<string, number>> {
  const record = await store.load(subject);
  const locked = Object.entries(record?.state.artifacts ?? {}).filter(([, known]) => known.locked === true);
  if (record === undefined || locked.length === 0) return new Map();
  const releases = await regulatedReleases(store, record);
  const kept = locked.filter(([path]) => releases.some((releaseId) => path.includes(`/${releaseId}/`)));
  return new Map(kept.map(([path, { version }]) => [path, version]));
}

async function regulatedReleases(store: EngineStore, { subject }: DeliveryRecord): Promise<string[]> {
  const proposed = await store.events(subject, { names: ["ReleaseProposed"] });
  return proposed.flatMap(({ data }) => (data.compliance === undefined ? [] : [String(data.releaseId)]));
}
