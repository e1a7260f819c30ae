/** A repository for a caller: one of another tenant is as one that is not there. */
import { z } from "zod";
import { refuse } from "../../domain/refusal.ts";
import { slug } from "../../domain/scope.ts";
import type { Caller, System } from "../system.ts";

export const repositoryInput = z.object({ tenantId: slug, repository: slug });
export const pullRequestInput = repositoryInput.extend({ number: z.coerce.number().int().min(1) });

/** Its full name; refuses with NotFound. */
export async function findRepository(
  system: System,
  caller: Caller,
  place: { tenantId: string; repository: string },
): Promise<string> {
  const name = `${place.tenantId}/${place.repository}`;
  const own = place.tenantId === caller.tenantId && slug.safeParse(place.repository).success;
  if (own && (await system.gitServer.exists(name))) return name;
  throw refuse(
    "NotFound",
    `There is no repository ${name} for ${caller.person}.`,
    "A repository is made when its module is handed over first: connectsoft deliver <folder>",
  );
}
