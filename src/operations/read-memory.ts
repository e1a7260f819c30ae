/** Memory: what the agents of a trace wrote, by path and version. */
import { z } from "zod";
import { refuse } from "../domain/refusal.ts";
import { slug, traceSlug } from "../domain/scope.ts";
import type { StoredArtifact } from "../ports/engine-store.ts";
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
  return system.store.artifacts({
    tenantId: caller.tenantId,
    allVersions: all,
    ...(traceId !== undefined && { traceId }),
    ...(moduleId !== undefined && { moduleId }),
  });
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
  const found = await system.store.artifact({
    tenantId: caller.tenantId,
    path,
    ...(version !== undefined && { version }),
  });
  if (found === undefined)
    throw refuse(
      "NotFound",
      `Memory of ${caller.tenantId} has no ${path}${version === undefined ? "" : ` version ${version}`}.`,
      "See what there is: connectsoft memory ls <trace>",
    );
  return { path, ...found };
}
