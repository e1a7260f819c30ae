/** Memory: what the agents of a trace wrote, by path and version. */
import { z } from "zod";
import { parseHistoryPath, parseWideHistoryPath } from "../domain/memory/artifact-path.ts";
import { refuse } from "../domain/refusal.ts";
import { slug, traceSlug } from "../domain/scope.ts";
import type { StoredArtifact } from "../ports/engine-store.ts";
import { listHistories, readHistory, readWideHistory } from "./read-history.ts";
import { isSealed, originalOf, sealedCopies } from "./sealed-copies.ts";
import type { Caller, System } from "./system.ts";

export type { StoredArtifact };

export const listArtifactsInput = z.object({
  traceId: traceSlug.optional(),
  moduleId: slug.optional(),
  /** `true`: every version instead of the newest. */
  all: z.stringbool().default(false),
});

export async function listArtifacts(
  system: System,
  caller: Caller,
  input: z.output<typeof listArtifactsInput>,
): Promise<StoredArtifact[]> {
  const { traceId, moduleId, all } = input;
  const { tenantId } = caller;
  const narrowed = { ...(traceId !== undefined && { traceId }), ...(moduleId !== undefined && { moduleId }) };
  const [written, deliveries] = await Promise.all([
    system.store.artifacts({ tenantId, allVersions: all, ...narrowed }),
    system.store.list({ tenantId, limit: 1_000, ...narrowed }),
  ]);
  const modules = [...new Set(deliveries.map(({ subject }) => subject.moduleId))];
  const subjects = deliveries.map(({ subject }) => subject);
  return [
    ...written,
    ...(await sealedCopies(system.store, subjects, written)),
    ...(await listHistories(system, tenantId, modules)),
  ];
}

export const getArtifactInput = z.object({
  path: z.string().min(1).max(1_024),
  version: z.coerce.number().int().min(1).optional(),
});

export interface ArtifactContent {
  path: string;
  version: number;
  sha256: string;
  content: string;
}

/** Refuses with NotFound; a path of another tenant is not found, whatever it is. */
export async function getArtifact(
  system: System,
  caller: Caller,
  input: z.output<typeof getArtifactInput>,
): Promise<ArtifactContent> {
  const { path, version } = input;
  const found = await find(system, caller, input);
  if (found === undefined)
    throw refuse(
      "NotFound",
      `Memory of ${caller.tenantId} has no ${path}${version === undefined ? "" : ` version ${version}`}.`,
      "See what there is: connectsoft memory ls <trace>",
    );
  return { path, ...found };
}

async function findSealed(
  { store }: System,
  { tenantId, path, version }: { tenantId: string; path: string; version: number | undefined },
): Promise<Omit<ArtifactContent, "path"> | undefined> {
  const found = await store.artifact({ tenantId, path });
  if (found === undefined || (version !== undefined && version !== found.version)) return undefined;
  return (await isSealed(store, { tenantId, path, version: found.version })) ? found : undefined;
}

async function find(
  system: System,
  { tenantId }: Caller,
  { path, version }: z.output<typeof getArtifactInput>,
): Promise<Omit<ArtifactContent, "path"> | undefined> {
  const history = parseHistoryPath(path);
  const wide = parseWideHistoryPath(path);
  const original = originalOf(path);
  if (original !== undefined) return findSealed(system, { tenantId, path: original, version });
  if (history === undefined && wide === undefined)
    return system.store.artifact({ tenantId, path, ...(version !== undefined && { version }) });
  if ((history?.place.tenantId ?? wide?.tenantId) !== tenantId) return undefined;
  const now =
    history === undefined
      ? wide && (await readWideHistory(system, wide))
      : await readHistory(system, history.place, history.name);
  if (now === undefined || (version !== undefined && version !== now.version)) return undefined;
  return { content: now.content, version: now.version, sha256: now.sha256 };
}
